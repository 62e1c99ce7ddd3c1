"""The picker: a child of the shell that owns the terminal while a command is looked for.

Standard library and `backend.wire` only, and as little of either as can be before the first
paint: a person waits for every import. Hence `posix`, which Python has loaded already, and not
`os`, which would be a third of that wait; `_socket` and `_signal`, not `socket` and `signal`;
and plain classes with slots, because `dataclasses` alone takes as long as all the rest of the
start.

start      from the key press to the first paint, and the result to the shell
settings   what the plugin and the environment say
loop       keys in, searches out, the screen kept up to date
walk       where the selection is bound for, and which rows have to be asked for
result     what the shell is told to do with a command
words      the plain text of a query: marked in the rows, looked for on disk
screen/    terminal, keys, line, view, rows, width: what is seen and typed; whole, syntax, nesting:
           the selected command complete and in colour
answers/   search; client, launch (the daemon); offline (the disk); answer: where rows come from
"""
