"""All kinds of exercise, and which belong to which page.

A kind makes an exercise from `Facts`, or answers with `None` if the sentence or the model does not permit it. To add one: write such
a function, and name it here.
"""

from collections.abc import Callable

from pages.worksheets.exercise import Exercise
from pages.worksheets.facts import Facts
from pages.worksheets.kinds import counted, decoder, earlier, head, output, stack, words

Make = Callable[[Facts], Exercise | None]
ALL: tuple[Make, ...] = (  # in the order in which the machine works
    words.pieces, words.cosine, words.enters, words.sinusoid, head.projection, head.score, head.softmax, head.mixture, stack.heads,
    stack.normed, stack.fed, decoder.shifted, decoder.masked, decoder.looks, output.probabilities, output.beam, output.loss, output.bleu,
    counted.parameters, counted.operations, earlier.gate, earlier.additive, earlier.hop,
)  # fmt: skip
KINDS: dict[str, Make] = {make.__name__: make for make in ALL}
MIX: tuple[Make, ...] = (words.pieces, words.enters, head.score, head.softmax, decoder.masked, output.probabilities)
PAGES: dict[str, tuple[Make, ...]] = {
    "5_the_whole_machine": MIX,
    "10_tokens": (words.pieces, decoder.shifted, words.enters),
    "20_embeddings": (words.enters, words.cosine, words.sinusoid),
    "30_positions": (words.sinusoid, words.enters),
    "40_queries_keys_values": (head.projection, head.score, head.softmax),
    "50_one_head": (head.score, head.softmax, head.mixture),
    "60_many_heads": (stack.heads, head.softmax, head.mixture),
    "70_the_stack": (stack.normed, stack.fed),
    "80_decoder_and_mask": (decoder.masked, decoder.shifted),
    "90_cross_attention": (decoder.looks, head.mixture, head.softmax),
    "100_output_and_search": (output.probabilities, output.beam, output.loss),
    "200_head_switchboard": (stack.heads, head.mixture),
    "210_attention_editor": (head.mixture, head.softmax),
    "220_machine_parts": (stack.normed, head.softmax, stack.fed),
    "225_one_number": (head.projection, stack.fed, stack.normed),
    "230_detective": (head.softmax, decoder.looks),
    "240_grammar_probes": (output.probabilities, head.projection),
    "250_explanation": (decoder.looks, head.mixture, output.probabilities),
    "260_predict": MIX,
    "300_train": (output.loss, decoder.shifted, counted.parameters),
    "310_time_machine": (output.loss, head.softmax),
    "320_class_corpus": (output.loss, output.bleu),
    "330_compare": (output.bleu, output.probabilities),
    "340_models": (counted.parameters, output.bleu),
    "400_one_hidden_state": (earlier.gate, output.loss),
    "410_the_long_sentence": (earlier.gate, output.bleu),
    "420_alignment": (earlier.additive, decoder.looks),
    "430_score_functions": (earlier.additive, head.score, head.softmax),
    "440_why_self_attention": (counted.operations, head.softmax),
    "450_results": (output.bleu, counted.parameters),
    "460_memory": (earlier.hop, head.mixture),
    "490_words_as_vectors": (words.cosine,),
    "510_masked_words": (output.probabilities, words.pieces),
}
NEAREST: dict[str, str] = {  # pages without exercises of their own, and whose they are given
    "home": "5_the_whole_machine",
    "470_visual_attention": "90_cross_attention",
    "480_hierarchical_attention": "460_memory",
    "530_vision_transformer": "50_one_head",
}
ALWAYS = "5_the_whole_machine"  # whose exercises any other page is given
