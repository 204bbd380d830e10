"""When the record of a practitioner may pass from an organisation that is no member to one that is.

She says so herself: nothing is chosen beforehand, and she may think otherwise at any time.
"""

from portal.i18n.language import Message

# states of a membership under which somebody's practitioners are listed by nobody
WITHOUT_MEMBERSHIP = ("suspended", "left")

# of the agreement: whoever is in another is not asked, and is proposed by nobody else
MAY_BE_PROPOSED = ("suspended", "ended")

# a consent from before this step of the agreement is none for the organisation that took over
HANDED_ON = "handed_on"

SAYS_SHE_IS_ASKED = Message("Your organisation is not in the network now. There is a question.")
SAYS_SOMEBODY_WAITS = Message(
    "Practitioners whose organisation is not in the network wait to be proposed by another."
)
NOT_ASKED = Message("There is no such question now: your organisation is in the network.")
