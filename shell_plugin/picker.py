"""The picker's entry: run by the plugins on the key, it prints what was picked.

Kept tiny, because Python caches the bytecode of imported modules only. The shells run it as
`python -I -S picker.py`; the result on stdout is an action, a newline, a text, and a
full stop, which keeps newlines at the end of the text from being dropped by `$(…)` and tells
that nothing is missing. Behind the action, separated by blanks, stand the filters to which the
list was narrowed by key; the shell gives them back in DEJA_PICK_NARROW the next time. The actions:

    put      the text goes on the line, the cursor to its end
    put@N    the same, but the cursor goes before the Nth of its characters, counted from 0
    run      the text goes on the line and is run
    edit     the text goes on the line, and from there into the editor
    again    the key was pressed again: the shell's own search, for the text
    cancel   the line stays as it is; there is no text
"""

import sys

if __name__ == "__main__":
    sys.path.insert(0, __file__.rpartition("/shell_plugin/")[0] or "..")
    from shell_plugin.pick.start import main

    sys.exit(main())
