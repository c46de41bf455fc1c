"""Training of the reader's encoder: corpora in, one quantised model file out."""
