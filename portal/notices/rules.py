"""What a notice says: neutral sentences, for whoever looks over a shoulder."""

from portal.i18n.language import Message

SAYS: dict[str, Message] = {
    "consent_asked": Message("You are asked for your consent."),
    "confirm": Message("Please confirm that your details are right."),
    "link_again": Message("Here is the link you asked for."),
}
