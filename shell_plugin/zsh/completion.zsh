# Completion of deja's own commands: read on the first Tab. Where compinit is still to come, it finds
# the function in fpath.
#
# Sourced by deja.zsh, under its options, which the completion itself must not have: deja.zsh loads it.

typeset -g _deja_completes=
(( $fpath[(Ie)$_deja_shell_dir/completion] )) || fpath+=("$_deja_shell_dir/completion")
if (( $+functions[compdef] && $+_comps )) && (( ! $+_comps[deja] )); then
  _deja_completes=yes
fi
return 0
