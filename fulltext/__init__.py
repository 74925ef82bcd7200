"""Full-text search over what apps register: one tokenizer, one index, one ranking, two databases.

`expressions` says what is looked for, `registry` what there is to look in, `engine` finds, ranks
and highlights. `query/` is the language in which people write expressions.
"""
