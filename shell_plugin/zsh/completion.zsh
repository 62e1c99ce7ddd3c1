# Completion of deja's own commands: read on the first Tab. Where compinit is still to come, it finds
# the function in fpath.
#
# Sourced by deja.zsh, under its options.

(( $fpath[(Ie)$_deja_shell_dir/completion] )) || fpath+=("$_deja_shell_dir/completion")
if (( $+functions[compdef] && $+_comps )) && (( ! $+_comps[deja] )); then
  autoload -Uz _deja
  compdef _deja deja
fi
return 0
