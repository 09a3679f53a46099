"""The one form of a text that everything reads: what people type, what a file holds, and what two of them are compared in.

The same sentence comes in many spellings: an apostrophe of a typewriter or of a typesetter, `é` as one sign or as `e` with an
accent behind it (as macOS writes file names), spaces of five widths. To a reader they are one; to a model, which
learned only one of them, the others are signs it has never met. `clean` gives all of them the same signs.
"""

import re
import unicodedata

QUOTES = "\u201c\u201d\u201e\u201f\u2033\uff02\u2036"  # “ ” „ ‟ ″ ＂ ‶
APOSTROPHES = "\u2018\u2019\u201a\u201b\u2032\u02bc\u02b9\u00b4\u0060\uff07\u2035"  # ‘ ’ ‚ ‛ ′ ʼ ʹ ´ ` ＇ ‵
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"  # ‐ ‑ ‒ – — ― − and small and wide ones
GUILLEMETS = re.compile("\u00ab ?| ?\u00bb")  # « sentence », with the spaces that French puts inside
PLAIN = str.maketrans({**dict.fromkeys(QUOTES, '"'), **dict.fromkeys(APOSTROPHES, "'"), **dict.fromkeys(DASHES, "-")})
INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufe0e\ufe0f]"
)  # hyphens to come, directions, styles of emoji
NO_TEXT = ("Cc", "Cs", "Cn", "Co")  # control characters, and what stands for no character at all


def clean(text: str) -> str:
    """The text in its one form: typographic signs plain, letters composed, no control characters, single spaces.

    `clean(clean(text)) == clean(text)`. Source: NFKC of Unicode Standard Annex 15, which SentencePiece applies too.
    """
    plain = GUILLEMETS.sub(
        '"', " ".join(text.split()).translate(PLAIN)
    )  # before NFKC, which would make a space and an accent of ´
    composed = unicodedata.normalize("NFKC", INVISIBLE.sub("", plain)).translate(PLAIN)
    return " ".join("".join(" " if unicodedata.category(sign) in NO_TEXT else sign for sign in composed).split())


SHORT = (
    "Mr Mrs Ms Dr Prof St Jr Sr Mt No vs etc e.g i.e a.m p.m U.S M Mme Mlle".split()
)  # a full stop that ends no sentence
END_OF_SENTENCE = re.compile(r"""(?<=[.!?])["')\]]*(?=\s+["'(\[]?([^\W_]))""")  # before what may begin another


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order; of a text in its one form, joined by spaces, they are the text again.

    A sentence ends with . ! or ? before a word that does not begin with a small letter, unless there are only small ones. An
    initial, a title or a number such as `No. 5` ends none. The models of this project have learned from single sentences, so
    they lose some of several.
    """
    found, begin = [], 0
    whole = clean(text)
    small = whole == whole.lower()
    for match in END_OF_SENTENCE.finditer(whole):
        word = whole[begin : match.start()].rsplit(" ", 1)[-1].removesuffix(".").strip("\"'(")
        initial = len(word) == 1 and word.isupper() and word != "I"
        if (whole[match.start() - 1] == "." and (word in SHORT or initial)) or (match[1].islower() and not small):
            continue
        found.append(whole[begin : match.end()].strip())
        begin = match.end()
    return [*found, rest] if (rest := whole[begin:].strip()) else found
