"""Words with two meanings, in sentences written for this project: which of a word's vectors are alike, those of one meaning?

A static vector cannot tell them apart. Of a contextual one we ask that two sentences of one meaning are more alike than two of different
ones, layer by layer. The sentences use only common words, so that small models know them.
"""

from collections.abc import Iterator

SENSES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "light": (
        ("Please turn on the light.", "She turned off the light.", "The light in my room is broken.", "I saw a light in the dark."),
        ("This box is very light.", "My new bicycle is light.", "The bag was so light that he carried it.", "It is as light as a feather."),
    ),
    "left": (
        ("He left the house early.", "She left yesterday.", "My friends have left.", "The train has just left."),
        ("Turn left at the next street.", "Raise your left hand.", "He writes with his left hand.", "My left arm hurts."),
    ),
    "watch": (
        ("I watch television every evening.", "Do you want to watch a movie?", "They watch the game.", "We watch the children play."),
        ("My watch is broken.", "He lost his watch.", "I bought a new watch.", "She looked at her watch."),
    ),
    "bank": (
        ("She works at a bank.", "I went to the bank to get some money.", "The bank is closed today.", "He borrowed money from the bank."),
        ("We sat on the bank of the river.", "They walked along the river bank.", "The trees on the bank are tall.", "He swam to the bank."),
    ),
    "kind": (
        ("You are very kind.", "He is kind to everybody.", "She was kind to me.", "It is kind of you to help me."),
        ("What kind of music do you like?", "I like this kind of book.", "What kind of person is he?", "It is a kind of fruit."),
    ),
    "like": (
        ("I like apples.", "Do you like music?", "She doesn't like dogs.", "They like to swim."),
        ("He looks like his father.", "It looks like rain.", "She sings like a bird.", "You talk like a child."),
    ),
}  # fmt: skip
Pair = tuple[str, str, str, bool]  # word, sentence, sentence, whether it means the same in both


def pairs() -> Iterator[Pair]:
    """Every two sentences of a word."""
    for word, (first, second) in SENSES.items():
        sentences = [(each, 0) for each in first] + [(each, 1) for each in second]
        for place, (one, mine) in enumerate(sentences):
            for other, theirs in sentences[place + 1 :]:
                yield word, one, other, mine == theirs
