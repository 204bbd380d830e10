"""What a notice says: neutral sentences, for whoever looks over a shoulder."""

from datetime import timedelta

from portal.i18n.language import Message

SAYS: dict[str, Message] = {
    "consent_asked": Message("You are asked for your consent."),
    "confirm": Message("Please confirm that your details are right."),
    "approval_waits": Message("Something waits for you as the second person."),
    "approval_decided": Message("Somebody has decided on what you asked for."),
    "approval_goes_out": Message("Somebody from outside is asked to decide on an open item."),
    "approval_reviewed": Message("Somebody from outside has decided on an open item."),
    "acting_appointed": Message("Two organisations have appointed somebody for 30 days."),
    "grant_ends": Message("Your access to the directory ends soon."),
    "grants_end": Message("An organisation's access to the directory ends soon."),
    "confirm_people": Message("Details of people you look after wait to be confirmed."),
    "card_made": Message("A card of codes was printed for a person without an account."),
    "on_behalf": Message("Something was done for you by telephone. Look whether it is right."),
    "on_behalf_people": Message("Something was done by telephone for a person you look after."),
    "contact_looked": Message("Somebody has asked how to reach you."),
    "contacts_stopped": Message("Something in the portal waits for a coordinator."),
    "ticket_opened": Message("Somebody has reported a detail that may be wrong."),
    "ticket_answered": Message("There is an answer to what you reported."),
    "request_offered": Message("A request waits for your answer."),
    "request_accepted": Message("A request of yours was accepted."),
    "request_open": Message("A request of yours waits until you choose whom to ask."),
    "request_changed": Message("Something about a request of yours has changed. Please look."),
    "request_ended": Message("A request you were asked about has ended."),
    "request_completed": Message("A request is completed. Please look when you have a quiet hour."),
    "request_over": Message("A request of yours has ended by itself."),
    "change_waits": Message("A change of details waits for you."),
    "change_approved": Message("A change you asked for took effect."),
    "change_returned": Message("A change you asked for came back with a reason."),
    "change_lapsed": Message("A change you asked for waited too long and was closed."),
    "details_changed": Message("Some of your details were changed."),
    "consent_given": Message("A consent you waited for was given."),
    "consent_withdrawn": Message("Somebody of your organisation is not listed any more."),
    "agreement_changed": Message("The agreement about a listing has changed."),
    "licence_ends": Message("A paper that a listing needs ends soon."),
    "wish_answered": Message("There is an answer to what you wished for."),
    "training_entered": Message("A training was entered into your record."),
    "training_removed": Message("A training was taken out of your record."),
    "image_consent_ends": Message("The consent of people in a picture ends soon."),
    "charter_adopted": Message("A new version of the charter was adopted. Please affirm it."),
    "application_sent": Message("An organisation has applied to join."),
    "application_answered": Message("An applicant has answered what you asked."),
    "application_withdrawn": Message("An application that you review was taken back."),
    "application_appealed": Message("An applicant asks to look at a decision anew."),
    "application_goes_out": Message("Somebody from outside is asked to review an application."),
    "application_reviewed": Message("Somebody from outside has reviewed an application."),
    "decision_waits": Message("An application waits for a coordinator's decision."),
    "renewal_due": Message("The yearly renewal of your organisation's membership is due."),
    "renewal_overdue": Message("A member organisation has not renewed its membership."),
    "renewal_waits": Message("A member organisation's renewal waits for a coordinator."),
    "renewal_decided": Message("There is an answer to your organisation's renewal."),
    "affirmation_due": Message("What changed in the charter waits to be affirmed."),
    "affirmation_refused": Message("A member organisation cannot affirm a change of the charter."),
    "organisation_left": Message("You are not listed now. There is a question for you."),
    "organisation_back": Message("Your organisation is back. It can propose you anew."),
    "member_suspended": Message("A membership was suspended. Please look whether that is right."),
    "member_left": Message("A membership has ended. Please look whether that is right."),
    "farewell_made": Message("A link to an archive was made. Please look whether that is right."),
    "report_due": Message("Your organisation's quarterly report is due."),
    "report_waits": Message("A quarterly report waits for a coordinator."),
    "report_returned": Message("Your organisation's quarterly report came back with a note."),
    "report_accepted": Message("Your organisation's quarterly report was accepted."),
    "report_reopened": Message("A closed quarter is open again for your organisation."),
    "link_again": Message("Here is the link you asked for."),
}

# the mail of such a notice carries a new single-use link of this purpose, to the practitioner alone
OPENS = {"consent_asked": "consent", "confirm": "confirm"}

GOOD_FOR = {"consent": timedelta(days=14), "confirm": timedelta(days=14)}


def purpose_of(kind: str, asked_for: str | None) -> str | None:
    """Which link goes with a notice: the one that was asked for, or that of its kind, or none."""
    purpose = asked_for or OPENS.get(kind)
    return purpose if purpose in GOOD_FOR else None
