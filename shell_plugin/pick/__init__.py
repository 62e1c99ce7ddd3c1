"""The picker: a child of the shell that owns the terminal while a command is looked for.

Standard library and `backend.wire` only, and as little of either as can be before the first
paint: a person waits for every import. Hence `posix`, which Python has loaded already, and not
`os`, which would be a third of that wait; `_socket` and `_signal`, not `socket` and `signal`;
and plain classes with slots, because `dataclasses` alone takes as long as all the rest of the
start.

start      from the key press to the first paint, and the result to the shell
settings   what the plugin and the environment say, and the user
loop       keys in, searches out, the screen kept up to date
picking    what the keys do: to the query, the selection, the views, and for the shell
keymap     the table of the keys, which the help shows
vi         the keys of vi, in their two modes
narrowing  scope, outcome and order, as they are chosen by key
pending    what is to be forgotten, until the picker closes
closing    the end: what was to be forgotten is, then the shell gets its result
walk       where the selection is bound for, and which rows have to be asked for
result     what the shell is told to do with a command
words      the plain text of a query: marked in the rows, looked for on disk
screen/    terminal, keys, line, clipboard; state and view, with heading, rows, foot, about, look,
           width: what is seen
whole/     the selected command complete: block; folding, syntax, nesting
configuration/
           [picker] of config.toml: read, check, keynames, themes, background
views/     what takes the place of the list or of its foot: help, the runs of a command, episodes,
           questions
answers/   search; client, inquiry, connection, launch, forgetting (the daemon); offline (the disk);
           answer
"""
