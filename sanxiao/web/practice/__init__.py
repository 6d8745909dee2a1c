"""Practice data: a made-up town told from beginning to end by the program's own moves.

`people` are the accounts, `places` the shops and what a survey found there, `pictures` what was photographed,
`story` what became of each of them, `reports` the quarters, `tell` the clock that lets them all act in the
order of time.
"""
