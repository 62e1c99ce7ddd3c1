# deja for fish 3.6 and newer: records every command and opens the picker on Ctrl-R.
#
# Prints nothing and forks nothing, unless the daemon is down and has to be started. Settings, as
# variables, exported or not, before this is sourced:
#   DEJA_KEY     the key, as ^R (default) or as `bind` writes it; empty binds nothing
#   DEJA_UP      1: the arrow up fetches the last line, and pressed again opens the list
#   DEJA_POPUP   1: inside tmux the picker opens in a popup
#   DEJA_NEXT_KEY  the key that puts what is likely next on the line; none unless it is set
#   DEJA_IGNORE  colon-separated patterns of commands not to record
#   DEJA_IGNORE_SPACE  1: a line that begins with a space is not recorded, whatever fish is set to
#   DEJA_HOME    where deja keeps its data (default: as the platform has it)

status is-interactive; or return 0

# `path mtime`, the only clock that fish has in itself, came with 3.5; 3.6 is what was tried.
if string match -qr '^([0-2]|3\.[0-5])\.' -- $version
    echo "deja: fish $version is too old to record commands; fish 3.6, bash 5.0 or zsh 5.8 is needed" >&2
    return 0
end

set -l folder (path dirname -- (path resolve -- (status filename)))
source $folder/fish/wanted.fish
source $folder/fish/record.fish; or return 0
source $folder/fish/pick.fish
source $folder/fish/next.fish
_deja_is_on DEJA_UP $_deja_up; and source $folder/fish/up.fish
# Read at the first Tab behind `deja`: after the user's own, and before the last folder, where fish has
# what it makes of the man page.
contains -- $folder/completion $fish_complete_path
or set -g fish_complete_path $fish_complete_path[1] $folder/completion $fish_complete_path[2..]
return 0
