"""Lists on their way in: read from any format (`reading`), planned without writing anything so that
a preview shows what happens (`planning`), written in one transaction (`run`), taken back (`undo`).

Whatever comes in belongs to whoever brings it: their list, their items, and notes of theirs that
credit the author a file names. What a file does not say of a note's audience is private.
"""
