"""Notes as people write them: the form, who may read it, passages quoted in it, its preview."""
