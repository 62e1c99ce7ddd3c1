# The name that plugin managers look for.
source "${${(%):-%x}:A:h}/deja.zsh"
