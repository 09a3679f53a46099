"""The names of the phenomena, of stages and of heads, in plain words."""

from transformer.analysis.probe_pairs import Role, Slot
from transformer.analysis.probes import Stage
from transformer.corpora import words
from transformer.corpora.grammar_en_fr import MinimalPair
from transformer.text import clean
from transformer.what_if import Head, Kind
from ui.text import translate as _

OWN = "own"  # the learner's own pair


def phenomena() -> dict[str, tuple[str, str]]:
    """By code: the name of a phenomenon, and what French asks for."""
    return {
        "pronoun_it": (_("“it”: il or elle"), _("French must know which noun “it” means: what can be tired, or wide?")),
        "adjective_order": (_("Before or after the noun"), _("Most French adjectives follow their noun; a few common ones stand before it.")),
        "gender_agreement": (_("Masculine, feminine"), _("Article and adjectives take the gender of their noun.")),
        "number_agreement": (_("One or many"), _("Article and adjectives take the number of their noun.")),
        "elision": (_("Elision: le or l'"), _("Before a vowel, le, la and je lose theirs.")),
        "negation": (_("Negation: ne … pas"), _("One English n't becomes two words around the verb.")),
        "object_pronoun": (_("Object pronoun"), _("“him” stands behind the English verb; le stands before the French one.")),
        "two_objects": (_("Who receives it"), _("A name follows with à; a pronoun moves before the verb.")),
        "question": (_("Questions"), _("A question word comes first.")),
        "participle_agreement": (_("He left, she left"), _("After être, the participle agrees with who did it.")),
        "possessive": (_("My: mon or ma"), _("“my” takes the gender of what is owned.")),
        OWN: (_("Your own pair"), _("Two English sentences that differ in a word.")),
    }  # fmt: skip


def two(value: float) -> str:
    """A number with two digits; nothing that is rounded away is below 0."""
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def kind_words(kind: Kind) -> str:
    """The name of an attention, short."""
    return {"encoder": _("Encoder"), "decoder": _("Decoder"), "cross": _("Cross")}[kind]


def attention_words(kind: Kind) -> str:
    """The name of an attention inside a sentence."""
    names = {
        "encoder": _("encoder self-attention"),
        "decoder": _("decoder self-attention"),
        "cross": _("cross-attention"),
    }
    return names[kind]


def head_words(head: Head) -> str:
    """`cross-attention, layer 2, head 1`."""
    return _("{attention}, layer {layer}, head {head}").format(
        attention=attention_words(head.kind), layer=head.layer + 1, head=head.head + 1
    )


def code(head: Head) -> str:
    """`c2.1`, as it stands in the address."""
    return f"{head.kind[0]}{head.layer + 1}.{head.head + 1}"


def head_of(text: str, known: list[Head]) -> Head | None:
    """The head of a code, if the model has it."""
    return next((head for head in known if code(head) == text), None)


def column_words(stage: Stage) -> str:
    """The head of a column: two short words."""
    if stage.sub in ("embedding", "logits"):
        return _("input") if stage.sub == "embedding" else _("logits")
    subs = {"self": _("self"), "cross": _("cross"), "feed": _("feed")}
    return f"{subs[stage.sub]} {stage.layer + 1}"


def stage_words(stage: Stage) -> str:
    """A stage inside a sentence: `after cross-attention of layer 2`."""
    if stage.sub == "embedding":
        return _("at the embedding")
    if stage.sub == "logits":
        return _("in the logits")
    subs = {"self": _("self-attention"), "cross": _("cross-attention"), "feed": _("the feed-forward network")}
    return _("after {sub} of layer {layer}").format(sub=subs[stage.sub], layer=stage.layer + 1)


def role_words(role: Role) -> str:
    """Who a word of the English sentence is."""
    names: dict[Role, str] = {
        "changed": _("the word that changed"), "own": _("the English word it translates"),
        "right": _("the right noun"), "wrong": _("the other noun"),
    }  # fmt: skip
    return names[role]


def french(pair: MinimalPair, slot: Slot) -> tuple[str, str]:
    """The two French words at which the translations part."""
    texts = clean(pair.first.target), clean(pair.second.target)
    spans = [words(text)[place] for text, place in zip(texts, slot, strict=True)]
    return tuple(text[start:end] for text, (start, end) in zip(texts, spans, strict=True))  # type: ignore[return-value]
