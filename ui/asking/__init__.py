"""Questions and answers: what a question is, how it is asked, what an answer is worth; on a page of its own, and before a class."""
