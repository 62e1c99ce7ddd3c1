# shellcheck shell=bash disable=SC2034
# Made from the commands by scripts/from_commands.py; not to be edited.

declare -gA _deja_commands=(
  ['deja']='search next fix episode stats replay pause resume pin note forget audit record import export ssh restore sync status start stop restart logs service setup config doctor mcp init completion'
  ['deja sync']='forget-host init install join off status'
  ['deja service']='install remove'
  ['deja config']='edit explain get list schema set unset'
)

declare -gA _deja_options=(
  ['deja']='--version -h --help'
  ['deja search']='--json --episodes --print0 --limit --mode --exit --cwd --here --repo --host --session --since --before --took --author --pinned --order --without -h --help'
  ['deja next']='--json --limit -h --help'
  ['deja fix']='--json --limit -h --help'
  ['deja episode']='--script --json -h --help'
  ['deja stats']='--since --json -h --help'
  ['deja replay']='--since -h --help'
  ['deja pause']='--all -h --help'
  ['deja resume']='--all -h --help'
  ['deja pin']='--off -h --help'
  ['deja note']='--remove -h --help'
  ['deja forget']='--containing --last --all --history-files -y --yes -h --help'
  ['deja audit']='--mask -y --yes --json -h --help'
  ['deja record']='-h --help'
  ['deja import']='--file --format --no-wait -h --help'
  ['deja export']='--format --exit --cwd --here --repo --host --session --since --before --took --author --pinned -h --help'
  ['deja ssh']='--shell -h --help'
  ['deja restore']='--list -y --yes -h --help'
  ['deja sync']='-h --help'
  ['deja sync forget-host']='-y --yes -h --help'
  ['deja sync init']='--identity --install --no-install -h --help'
  ['deja sync install']='-h --help'
  ['deja sync join']='--identity --install --no-install -h --help'
  ['deja sync off']='-h --help'
  ['deja sync status']='--json -h --help'
  ['deja status']='--json -h --help'
  ['deja start']='-h --help'
  ['deja stop']='-h --help'
  ['deja restart']='-h --help'
  ['deja logs']='-f --follow -n --lines -h --help'
  ['deja service']='-h --help'
  ['deja service install']='--sync -h --help'
  ['deja service remove']='-h --help'
  ['deja setup']='--shell --no-rc --suggest -y --yes --undo --purge -h --help'
  ['deja config']='-h --help'
  ['deja config edit']='-h --help'
  ['deja config explain']='-h --help'
  ['deja config get']='-h --help'
  ['deja config list']='--all --json -h --help'
  ['deja config schema']='-h --help'
  ['deja config set']='-h --help'
  ['deja config unset']='-h --help'
  ['deja doctor']='--json -h --help'
  ['deja mcp']='--log -h --help'
  ['deja init']='-h --help'
  ['deja completion']='-h --help'
)

declare -gA _deja_values=(
  ['deja search --limit']=''
  ['deja search --mode']='words auto meaning text'
  ['deja search --exit']='words 0 fail'
  ['deja search --cwd']='directory'
  ['deja search --repo']='name repo'
  ['deja search --host']='name host'
  ['deja search --session']='name session'
  ['deja search --since']='words today yesterday 1d 1w 1mo 1y'
  ['deja search --before']='words today yesterday 1d 1w 1mo 1y'
  ['deja search --took']=''
  ['deja search --author']='name author'
  ['deja search --order']='words likely newest used'
  ['deja search --without']=''
  ['deja search *']='query'
  ['deja next --limit']=''
  ['deja fix --limit']=''
  ['deja stats --since']='words today yesterday 1d 1w 1mo 1y'
  ['deja replay --since']='words today yesterday 1d 1w 1mo 1y'
  ['deja forget --containing']=''
  ['deja forget --last']=''
  ['deja import --file']='file'
  ['deja import --format']='words zsh bash lines fish powershell nushell-text jsonl resh xonsh-json atuin mcfly hishtory histdb xonsh nushell'
  ['deja import 1']='words auto zsh bash lines fish powershell nushell-text jsonl resh xonsh-json atuin mcfly hishtory histdb xonsh nushell'
  ['deja export --format']='words jsonl csv zsh bash fish'
  ['deja export --exit']='words 0 fail'
  ['deja export --cwd']='directory'
  ['deja export --repo']='name repo'
  ['deja export --host']='name host'
  ['deja export --session']='name session'
  ['deja export --since']='words today yesterday 1d 1w 1mo 1y'
  ['deja export --before']='words today yesterday 1d 1w 1mo 1y'
  ['deja export --took']=''
  ['deja export --author']='name author'
  ['deja export *']='query'
  ['deja ssh --shell']='words zsh bash'
  ['deja sync forget-host 1']='name host'
  ['deja sync init --identity']=''
  ['deja sync join --identity']=''
  ['deja logs -n']=''
  ['deja logs --lines']=''
  ['deja setup --shell']='words zsh bash fish all'
  ['deja config explain 1']='words device ignore ignore_space record.ignore_dirs keep_own learn mcp model_dir precision picker.height picker.columns picker.list picker.enter picker.fold picker.mouse picker.theme picker.popup picker.up picker.keys.put picker.keys.run picker.keys.nth picker.keys.blanks picker.keys.edit picker.keys.query picker.keys.copy picker.keys.again picker.keys.leave picker.keys.up picker.keys.down picker.keys.page-up picker.keys.page-down picker.keys.half-up picker.keys.half-down picker.keys.first picker.keys.last picker.keys.whole-up picker.keys.whole-down picker.keys.scope picker.keys.outcome picker.keys.order picker.keys.help picker.keys.inspect picker.keys.episodes picker.keys.scores picker.keys.forget picker.keys.undo picker.keys.pin picker.keys.note picker.keys.home picker.keys.end picker.keys.left picker.keys.right picker.keys.word-left picker.keys.word-right picker.keys.erase-left picker.keys.erase-right picker.keys.kill-word picker.keys.kill-subword picker.keys.kill-word-right picker.keys.kill-to-start picker.keys.kill-to-end picker.keys.yank picker.style.dim picker.style.match picker.style.filter picker.style.mark picker.style.bad picker.style.warn picker.style.title picker.style.bold picker.style.command picker.style.option picker.style.string picker.style.variable picker.style.keyword picker.style.comment picker.style.mask picker.style.error DEJA_KEY DEJA_NEXT_KEY DEJA_SUGGEST_EMPTY DEJA_PRIVATE DEJA_HOME NO_COLOR'
  ['deja config get 1']='words device ignore ignore_space record.ignore_dirs keep_own learn mcp model_dir precision picker.height picker.columns picker.list picker.enter picker.fold picker.mouse picker.theme picker.popup picker.up picker.keys.put picker.keys.run picker.keys.nth picker.keys.blanks picker.keys.edit picker.keys.query picker.keys.copy picker.keys.again picker.keys.leave picker.keys.up picker.keys.down picker.keys.page-up picker.keys.page-down picker.keys.half-up picker.keys.half-down picker.keys.first picker.keys.last picker.keys.whole-up picker.keys.whole-down picker.keys.scope picker.keys.outcome picker.keys.order picker.keys.help picker.keys.inspect picker.keys.episodes picker.keys.scores picker.keys.forget picker.keys.undo picker.keys.pin picker.keys.note picker.keys.home picker.keys.end picker.keys.left picker.keys.right picker.keys.word-left picker.keys.word-right picker.keys.erase-left picker.keys.erase-right picker.keys.kill-word picker.keys.kill-subword picker.keys.kill-word-right picker.keys.kill-to-start picker.keys.kill-to-end picker.keys.yank picker.style.dim picker.style.match picker.style.filter picker.style.mark picker.style.bad picker.style.warn picker.style.title picker.style.bold picker.style.command picker.style.option picker.style.string picker.style.variable picker.style.keyword picker.style.comment picker.style.mask picker.style.error DEJA_KEY DEJA_NEXT_KEY DEJA_SUGGEST_EMPTY DEJA_PRIVATE DEJA_HOME NO_COLOR'
  ['deja config set 1']='words device ignore ignore_space record.ignore_dirs keep_own learn mcp model_dir precision picker.height picker.columns picker.list picker.enter picker.fold picker.mouse picker.theme picker.popup picker.up picker.keys.put picker.keys.run picker.keys.nth picker.keys.blanks picker.keys.edit picker.keys.query picker.keys.copy picker.keys.again picker.keys.leave picker.keys.up picker.keys.down picker.keys.page-up picker.keys.page-down picker.keys.half-up picker.keys.half-down picker.keys.first picker.keys.last picker.keys.whole-up picker.keys.whole-down picker.keys.scope picker.keys.outcome picker.keys.order picker.keys.help picker.keys.inspect picker.keys.episodes picker.keys.scores picker.keys.forget picker.keys.undo picker.keys.pin picker.keys.note picker.keys.home picker.keys.end picker.keys.left picker.keys.right picker.keys.word-left picker.keys.word-right picker.keys.erase-left picker.keys.erase-right picker.keys.kill-word picker.keys.kill-subword picker.keys.kill-word-right picker.keys.kill-to-start picker.keys.kill-to-end picker.keys.yank picker.style.dim picker.style.match picker.style.filter picker.style.mark picker.style.bad picker.style.warn picker.style.title picker.style.bold picker.style.command picker.style.option picker.style.string picker.style.variable picker.style.keyword picker.style.comment picker.style.mask picker.style.error DEJA_KEY DEJA_NEXT_KEY DEJA_SUGGEST_EMPTY DEJA_PRIVATE DEJA_HOME NO_COLOR'
  ['deja config unset 1']='words device ignore ignore_space record.ignore_dirs keep_own learn mcp model_dir precision picker.height picker.columns picker.list picker.enter picker.fold picker.mouse picker.theme picker.popup picker.up picker.keys.put picker.keys.run picker.keys.nth picker.keys.blanks picker.keys.edit picker.keys.query picker.keys.copy picker.keys.again picker.keys.leave picker.keys.up picker.keys.down picker.keys.page-up picker.keys.page-down picker.keys.half-up picker.keys.half-down picker.keys.first picker.keys.last picker.keys.whole-up picker.keys.whole-down picker.keys.scope picker.keys.outcome picker.keys.order picker.keys.help picker.keys.inspect picker.keys.episodes picker.keys.scores picker.keys.forget picker.keys.undo picker.keys.pin picker.keys.note picker.keys.home picker.keys.end picker.keys.left picker.keys.right picker.keys.word-left picker.keys.word-right picker.keys.erase-left picker.keys.erase-right picker.keys.kill-word picker.keys.kill-subword picker.keys.kill-word-right picker.keys.kill-to-start picker.keys.kill-to-end picker.keys.yank picker.style.dim picker.style.match picker.style.filter picker.style.mark picker.style.bad picker.style.warn picker.style.title picker.style.bold picker.style.command picker.style.option picker.style.string picker.style.variable picker.style.keyword picker.style.comment picker.style.mask picker.style.error DEJA_KEY DEJA_NEXT_KEY DEJA_SUGGEST_EMPTY DEJA_PRIVATE DEJA_HOME NO_COLOR'
  ['deja init 1']='words zsh bash fish'
  ['deja completion 1']='words zsh bash fish'
)

declare -gA _deja_filters=(
  ['exit']='words 0 fail'
  ['in']='words here repo session host'
  ['cwd']='directory'
  ['repo']='name repo'
  ['host']='name host'
  ['session']='name session'
  ['since']='words today yesterday 1d 1w 1mo 1y'
  ['before']='words today yesterday 1d 1w 1mo 1y'
  ['took']='words >10s >1m <5s'
  ['author']='name author'
  ['match']='words start'
  ['is']='words pinned noted'
  ['order']='words likely newest used'
)

_deja_offer() { # $1: what they begin with; the words
  local begin=$1 word
  shift
  for word; do
    [[ $word != "$begin"* ]] || COMPREPLY+=("$word")
  done
}

# Names that the history has, of the kind $2; the one thing that asks a program.
_deja_names() {
  local name
  while IFS= read -r name; do
    [[ $name != "$1"* ]] || COMPREPLY+=("$(printf '%q' "$name")")
  done < <(command deja names "$2" 2>/dev/null)
}

_deja_value() { # $1: what it begins with; $2: what it is, as the tables say it
  local kind=${2%%' '*} words
  read -ra words <<<"${2#"$kind"}"
  case $kind in
    words) _deja_offer "$1" "${words[@]}" ;;
    name) _deja_names "$1" "${words[0]}" ;;
    file) compopt -o default ;;
    directory) compopt -o dirnames ;;
    query)
      if [[ $1 == *:* ]]; then
        _deja_value "${1#*:}" "${_deja_filters[${1%%:*}]-}"
      else
        _deja_offer "$1" "${!_deja_filters[@]}"
        COMPREPLY=("${COMPREPLY[@]/%/:}")
        compopt -o nospace
      fi
      ;;
  esac
}

_deja() {
  local line=${COMP_LINE:0:COMP_POINT} path=deja at=0 word before='' current
  local -a words
  COMPREPLY=()
  read -ra words <<<"$line"
  [[ $line != *[[:space:]] ]] || words+=('')
  current=${words[-1]}
  unset 'words[-1]' 'words[0]'
  for word in "${words[@]}"; do
    if [[ -n $before ]]; then
      before=''
    elif [[ $word == -* ]]; then
      [[ -z ${_deja_values["$path $word"]+takes} ]] || before=$word
    elif [[ -n ${_deja_commands["$path $word"]+is} || -n ${_deja_options["$path $word"]+is} ]]; then
      path+=" $word"
    else
      at=$((at + 1))
    fi
  done
  if [[ -n $before ]]; then
    _deja_value "$current" "${_deja_values["$path $before"]}"
  elif [[ $current == --*=* ]]; then
    _deja_value "${current#*=}" "${_deja_values["$path ${current%%=*}"]-}"
  elif [[ $current == -* ]]; then
    read -ra words <<<"${_deja_options["$path"]}"
    _deja_offer "$current" "${words[@]}"
  elif [[ -n ${_deja_commands["$path"]-} ]]; then
    read -ra words <<<"${_deja_commands["$path"]}"
    _deja_offer "$current" "${words[@]}"
  else
    _deja_value "$current" "${_deja_values["$path $((at + 1))"]-${_deja_values["$path *"]-}}"
  fi
}

complete -F _deja deja
