# Made from the commands by scripts/from_commands.py; not to be edited.

set -g __deja_commands 'search' 'next' 'fix' 'episode' 'stats' 'replay' 'pause' 'resume' 'pin' 'note' 'forget' 'audit' 'record' 'import' 'export' 'ssh' 'restore' 'sync' 'sync forget-host' 'sync init' 'sync install' 'sync join' 'sync off' 'sync status' 'status' 'start' 'stop' 'restart' 'logs' 'service' 'service install' 'service remove' 'setup' 'config' 'config edit' 'config explain' 'config get' 'config list' 'config schema' 'config set' 'config unset' 'doctor' 'mcp' 'init' 'completion'

# Whether these words, and no others of deja's commands, stand before the cursor.
function __deja_at
    set -l path
    for word in (commandline -opc)[2..]
        contains -- (string join ' ' -- $path $word) $__deja_commands
        and set -a path $word
    end
    test "$path" = "$argv"
end

# Names that the history has, of this kind; the one thing that asks a program.
function __deja_names
    command deja names $argv[1] 2>/dev/null
end

# The words of a query: filters and their values; anything else is typed.
function __deja_query
    set -l key (string match -r '^[a-z]+:' -- (commandline -ct))
    switch "$key"
        case 'exit:'
            printf '%s\n' 'exit:'{'0','fail'}
        case 'in:'
            printf '%s\n' 'in:'{'here','repo','session','host'}
        case 'cwd:'
            printf '%s\n' 'cwd:'(__fish_complete_directories (string replace -r '^cwd:' '' -- (commandline -ct)))
        case 'repo:'
            printf '%s\n' 'repo:'(__deja_names repo)
        case 'host:'
            printf '%s\n' 'host:'(__deja_names host)
        case 'session:'
            printf '%s\n' 'session:'(__deja_names session)
        case 'since:'
            printf '%s\n' 'since:'{'today','yesterday','1d','1w','1mo','1y'}
        case 'before:'
            printf '%s\n' 'before:'{'today','yesterday','1d','1w','1mo','1y'}
        case 'took:'
            printf '%s\n' 'took:'{'>10s','>1m','<5s'}
        case 'author:'
            printf '%s\n' 'author:'(__deja_names author)
        case 'match:'
            printf '%s\n' 'match:'{'start'}
        case 'is:'
            printf '%s\n' 'is:'{'pinned','noted'}
        case 'order:'
            printf '%s\n' 'order:'{'likely','newest','used'}
        case '*'
            printf '%s\n' exit: in: cwd: repo: host: session: since: before: took: author: match: is: order:
    end
end

complete -c deja -f

complete -c deja -n '__deja_at' -a search -d 'Find past commands by what they do or by pieces of their text.'
complete -c deja -n '__deja_at' -a next -d 'Show what is likely next, here, the likeliest first.'
complete -c deja -n '__deja_at' -a fix -d 'Show what fixed it before when a command failed like the last.'
complete -c deja -n '__deja_at' -a episode -d 'Print the commands of an episode, or a script of them.'
complete -c deja -n '__deja_at' -a stats -d 'Show when you work, what you use, what fails, what you wait for.'
complete -c deja -n '__deja_at' -a replay -d 'Tell how many keys deja would have saved you in the last month.'
complete -c deja -n '__deja_at' -a pause -d 'Stop recording in this shell, for a time or until resume.'
complete -c deja -n '__deja_at' -a resume -d 'Record again in this shell.'
complete -c deja -n '__deja_at' -a pin -d 'Pin a command: it comes first among equals.'
complete -c deja -n '__deja_at' -a note -d 'Write a note about a command, which then is found by it.'
complete -c deja -n '__deja_at' -a forget -d 'Remove commands and all their runs for good.'
complete -c deja -n '__deja_at' -a audit -d 'Find secrets at rest, in the store and in history files.'
complete -c deja -n '__deja_at' -a record -d 'Record commands from stdin: the way in for the hook of any shell.'
complete -c deja -n '__deja_at' -a import -d 'Import histories of shells and of other tools.'
complete -c deja -n '__deja_at' -a export -d 'Print the history: for a backup, for shells, for other tools.'
complete -c deja -n '__deja_at' -a ssh -d 'Open a shell on another machine whose commands are found here.'
complete -c deja -n '__deja_at' -a restore -d 'Go back to a snapshot of the history.'
complete -c deja -n '__deja_at' -a sync -d 'Keep one history on all your machines, end to end encrypted.'
complete -c deja -n '__deja_at' -a status -d 'Show the daemon\'s state.'
complete -c deja -n '__deja_at' -a start -d 'Start the daemon, or replace one that does not answer.'
complete -c deja -n '__deja_at' -a stop -d 'Stop the daemon.'
complete -c deja -n '__deja_at' -a restart -d 'Stop the daemon, if one runs, and start a new one.'
complete -c deja -n '__deja_at' -a logs -d 'Show the daemon\'s log.'
complete -c deja -n '__deja_at' -a service -d 'Have the system run the daemon, watched and shut in.'
complete -c deja -n '__deja_at' -a setup -d 'Set deja up in the shells: start-up files, daemon, histories.'
complete -c deja -n '__deja_at' -a config -d 'Show, explain and change the settings.'
complete -c deja -n '__deja_at' -a doctor -d 'Check the installation, and name what mends it.'
complete -c deja -n '__deja_at' -a mcp -d 'Let a coding agent look up how it was done here, over stdio.'
complete -c deja -n '__deja_at' -a init -d 'Print the line that loads deja into a shell.'
complete -c deja -n '__deja_at' -a completion -d 'Print what completes deja\'s own commands on Tab.'
complete -c deja -n '__deja_at' -l version -d 'Show the version and exit.'
complete -c deja -n '__deja_at' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at search' -l json -d 'Print one JSON object.'
complete -c deja -n '__deja_at search' -l episodes -d 'Stretches of work instead of single commands.'
complete -c deja -n '__deja_at search' -l print0 -d 'End each command by NUL, not by a newline.'
complete -c deja -n '__deja_at search' -l limit -x -d 'How many at most.'
complete -c deja -n '__deja_at search' -l mode -x -a 'auto meaning text' -d 'By meaning and text, or by one of them alone.'
complete -c deja -n '__deja_at search' -l exit -x -a '0 fail' -d 'Exit status: 0, fail or a number.'
complete -c deja -n '__deja_at search' -l cwd -x -a '(__fish_complete_directories)' -d 'Ran in this directory or below.'
complete -c deja -n '__deja_at search' -l here -d 'Ran in the present directory or below.'
complete -c deja -n '__deja_at search' -l repo -x -a '(__deja_names repo)' -d 'Ran in this git repository (name or path; . for this one).'
complete -c deja -n '__deja_at search' -l host -x -a '(__deja_names host)' -d 'Ran on this machine.'
complete -c deja -n '__deja_at search' -l session -x -a '(__deja_names session)' -d 'Ran in this shell session.'
complete -c deja -n '__deja_at search' -l since -x -a 'today yesterday 1d 1w 1mo 1y' -d 'Ran since then: 2w, 3d, 2026-01-01, yesterday.'
complete -c deja -n '__deja_at search' -l before -x -a 'today yesterday 1d 1w 1mo 1y' -d 'Ran before then.'
complete -c deja -n '__deja_at search' -l took -x -d 'Duration: >1m, <5s.'
complete -c deja -n '__deja_at search' -l author -x -a '(__deja_names author)' -d 'Run by this coding agent; agent for any, me for none.'
complete -c deja -n '__deja_at search' -l pinned -d 'Is pinned.'
complete -c deja -n '__deja_at search' -l order -x -a 'likely newest used' -d 'In place of the likeliest first.'
complete -c deja -n '__deja_at search' -l without -x -d 'Does not hold this word.'
complete -c deja -n '__deja_at search' -s h -l help -d 'Show this message and exit.'
complete -c deja -n '__deja_at search' -a '(__deja_query)'

complete -c deja -n '__deja_at next' -l json -d 'Print one JSON object.'
complete -c deja -n '__deja_at next' -l limit -x -d 'How many at most.'
complete -c deja -n '__deja_at next' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at fix' -l json -d 'Print one JSON object.'
complete -c deja -n '__deja_at fix' -l limit -x -d ''
complete -c deja -n '__deja_at fix' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at episode' -l script -d 'Print a shell script that does it again.'
complete -c deja -n '__deja_at episode' -l json -d 'Print one JSON object.'
complete -c deja -n '__deja_at episode' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at stats' -l since -x -a 'today yesterday 1d 1w 1mo 1y' -d 'Only from then on: 2w, 3mo, 2026-01-31, yesterday.'
complete -c deja -n '__deja_at stats' -l json -d 'Print one JSON object.'
complete -c deja -n '__deja_at stats' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at replay' -l since -x -a 'today yesterday 1d 1w 1mo 1y' -d 'From then on: 2w, 2026-01-31.'
complete -c deja -n '__deja_at replay' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at pause' -l all -d 'Every shell, not this one alone.'
complete -c deja -n '__deja_at pause' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at resume' -l all -d 'End every pause there is.'
complete -c deja -n '__deja_at resume' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at pin' -l off -d 'Let it go again.'
complete -c deja -n '__deja_at pin' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at note' -l remove -d 'Remove the note.'
complete -c deja -n '__deja_at note' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at forget' -l containing -x -d 'Every command that holds this text.'
complete -c deja -n '__deja_at forget' -l last -x -d 'The last N commands.'
complete -c deja -n '__deja_at forget' -l all -d 'The whole history.'
complete -c deja -n '__deja_at forget' -l history-files -d 'Remove them from zsh\'s, bash\'s … files, too.'
complete -c deja -n '__deja_at forget' -s y -l yes -d 'Do not ask.'
complete -c deja -n '__deja_at forget' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at audit' -l mask -d 'Mask what is found: in the store and in text files.'
complete -c deja -n '__deja_at audit' -s y -l yes -d 'Do not ask.'
complete -c deja -n '__deja_at audit' -l json -d 'Print one JSON object.'
complete -c deja -n '__deja_at audit' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at record' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at import' -l file -r -F -d 'This file.'
complete -c deja -n '__deja_at import' -l format -x -a 'zsh bash lines fish powershell nushell-text jsonl resh xonsh-json atuin mcfly hishtory histdb xonsh nushell' -d 'The file\'s format; found out where it tells.'
complete -c deja -n '__deja_at import' -l no-wait -d 'Do not wait until everything is embedded.'
complete -c deja -n '__deja_at import' -s h -l help -d 'Show this message and exit.'
complete -c deja -n '__deja_at import' -a 'auto zsh bash lines fish powershell nushell-text jsonl resh xonsh-json atuin mcfly hishtory histdb xonsh nushell'

complete -c deja -n '__deja_at export' -l format -x -a 'jsonl csv zsh bash fish' -d 'What it is written as.'
complete -c deja -n '__deja_at export' -l exit -x -a '0 fail' -d 'Exit status: 0, fail or a number.'
complete -c deja -n '__deja_at export' -l cwd -x -a '(__fish_complete_directories)' -d 'Ran in this directory or below.'
complete -c deja -n '__deja_at export' -l here -d 'Ran in the present directory or below.'
complete -c deja -n '__deja_at export' -l repo -x -a '(__deja_names repo)' -d 'Ran in this git repository (name or path; . for this one).'
complete -c deja -n '__deja_at export' -l host -x -a '(__deja_names host)' -d 'Ran on this machine.'
complete -c deja -n '__deja_at export' -l session -x -a '(__deja_names session)' -d 'Ran in this shell session.'
complete -c deja -n '__deja_at export' -l since -x -a 'today yesterday 1d 1w 1mo 1y' -d 'Ran since then: 2w, 3d, 2026-01-01, yesterday.'
complete -c deja -n '__deja_at export' -l before -x -a 'today yesterday 1d 1w 1mo 1y' -d 'Ran before then.'
complete -c deja -n '__deja_at export' -l took -x -d 'Duration: >1m, <5s.'
complete -c deja -n '__deja_at export' -l author -x -a '(__deja_names author)' -d 'Run by this coding agent; agent for any, me for none.'
complete -c deja -n '__deja_at export' -l pinned -d 'Is pinned.'
complete -c deja -n '__deja_at export' -s h -l help -d 'Show this message and exit.'
complete -c deja -n '__deja_at export' -a '(__deja_query)'

complete -c deja -n '__deja_at ssh' -l shell -x -a 'zsh bash' -d 'Not the user\'s own shell there.'
complete -c deja -n '__deja_at ssh' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at restore' -l list -d 'Show the snapshots.'
complete -c deja -n '__deja_at restore' -s y -l yes -d 'Do not ask.'
complete -c deja -n '__deja_at restore' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at sync' -a forget-host -d 'Remove all runs of a host that is gone, everywhere.'
complete -c deja -n '__deja_at sync' -a init -d 'Begin a history at URL.'
complete -c deja -n '__deja_at sync' -a install -d 'Install what sync needs into deja\'s own environment.'
complete -c deja -n '__deja_at sync' -a join -d 'Bring this machine to the history at URL.'
complete -c deja -n '__deja_at sync' -a off -d 'Stop syncing. The history stays, here and in the storage.'
complete -c deja -n '__deja_at sync' -a status -d 'Show the hosts, what waits, and what is wrong.'
complete -c deja -n '__deja_at sync' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at sync forget-host' -s y -l yes -d 'Do not ask.'
complete -c deja -n '__deja_at sync forget-host' -s h -l help -d 'Show this message and exit.'
complete -c deja -n '__deja_at sync forget-host' -a '(__deja_names host)'

complete -c deja -n '__deja_at sync init' -l identity -x -d 'The identity: a file, or - for stdin; asks nothing.'
complete -c deja -n '__deja_at sync init' -l install -l no-install -d 'Install what sync needs; default: ask.'
complete -c deja -n '__deja_at sync init' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at sync install' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at sync join' -l identity -x -d 'The identity: a file, or - for stdin; asks nothing.'
complete -c deja -n '__deja_at sync join' -l install -l no-install -d 'Install what sync needs; default: ask.'
complete -c deja -n '__deja_at sync join' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at sync off' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at sync status' -l json -d 'Print one JSON object.'
complete -c deja -n '__deja_at sync status' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at status' -l json -d 'Print one JSON object.'
complete -c deja -n '__deja_at status' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at start' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at stop' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at restart' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at logs' -s f -l follow -d 'Go on showing what is added.'
complete -c deja -n '__deja_at logs' -s n -l lines -x -d 'How many lines to show.'
complete -c deja -n '__deja_at logs' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at service' -a install -d 'Write and start the service: a unit of systemd\'s user manager, or an agent of launchd.'
complete -c deja -n '__deja_at service' -a remove -d 'Stop the service and take it away; the shells start the daemon again.'
complete -c deja -n '__deja_at service' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at service install' -l sync -d 'Let its sync reach the network and all of HOME.'
complete -c deja -n '__deja_at service install' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at service remove' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at setup' -l shell -x -a 'zsh bash fish all' -d 'Only this one\'s file.'
complete -c deja -n '__deja_at setup' -l no-rc -d 'Leave start-up files alone.'
complete -c deja -n '__deja_at setup' -l suggest -d 'Have zsh-autosuggestions show what is likely next.'
complete -c deja -n '__deja_at setup' -s y -l yes -d 'Ask nothing.'
complete -c deja -n '__deja_at setup' -l undo -d 'Take everything back; the history stays.'
complete -c deja -n '__deja_at setup' -l purge -d 'With --undo: the history, too.'
complete -c deja -n '__deja_at setup' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at config' -a edit -d 'Open the file in your editor, and look through it afterwards.'
complete -c deja -n '__deja_at config' -a explain -d 'Tell what a setting is, what it may be, and what it is set to.'
complete -c deja -n '__deja_at config' -a get -d 'Print the value of a setting, a list one a line.'
complete -c deja -n '__deja_at config' -a list -d 'Show every setting, its value and where that is from.'
complete -c deja -n '__deja_at config' -a schema -d 'Print a JSON schema of the file, for editors.'
complete -c deja -n '__deja_at config' -a set -d 'Set a setting in the file; a list takes each of its values as a word.'
complete -c deja -n '__deja_at config' -a unset -d 'Take a setting out of the file: it is the default again.'
complete -c deja -n '__deja_at config' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at config edit' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at config explain' -s h -l help -d 'Show this message and exit.'
complete -c deja -n '__deja_at config explain' -a 'device ignore ignore_space record.ignore_dirs keep_own learn mcp model_dir precision picker.height picker.columns picker.list picker.enter picker.fold picker.mouse picker.theme picker.popup picker.up picker.keys.put picker.keys.run picker.keys.nth picker.keys.blanks picker.keys.edit picker.keys.query picker.keys.copy picker.keys.again picker.keys.leave picker.keys.up picker.keys.down picker.keys.page-up picker.keys.page-down picker.keys.half-up picker.keys.half-down picker.keys.first picker.keys.last picker.keys.whole-up picker.keys.whole-down picker.keys.scope picker.keys.outcome picker.keys.order picker.keys.help picker.keys.inspect picker.keys.episodes picker.keys.scores picker.keys.forget picker.keys.undo picker.keys.pin picker.keys.note picker.keys.home picker.keys.end picker.keys.left picker.keys.right picker.keys.word-left picker.keys.word-right picker.keys.erase-left picker.keys.erase-right picker.keys.kill-word picker.keys.kill-subword picker.keys.kill-word-right picker.keys.kill-to-start picker.keys.kill-to-end picker.keys.yank picker.style.dim picker.style.match picker.style.filter picker.style.mark picker.style.bad picker.style.warn picker.style.title picker.style.bold picker.style.command picker.style.option picker.style.string picker.style.variable picker.style.keyword picker.style.comment picker.style.mask picker.style.error DEJA_KEY DEJA_NEXT_KEY DEJA_SUGGEST_EMPTY DEJA_PRIVATE DEJA_HOME NO_COLOR'

complete -c deja -n '__deja_at config get' -s h -l help -d 'Show this message and exit.'
complete -c deja -n '__deja_at config get' -a 'device ignore ignore_space record.ignore_dirs keep_own learn mcp model_dir precision picker.height picker.columns picker.list picker.enter picker.fold picker.mouse picker.theme picker.popup picker.up picker.keys.put picker.keys.run picker.keys.nth picker.keys.blanks picker.keys.edit picker.keys.query picker.keys.copy picker.keys.again picker.keys.leave picker.keys.up picker.keys.down picker.keys.page-up picker.keys.page-down picker.keys.half-up picker.keys.half-down picker.keys.first picker.keys.last picker.keys.whole-up picker.keys.whole-down picker.keys.scope picker.keys.outcome picker.keys.order picker.keys.help picker.keys.inspect picker.keys.episodes picker.keys.scores picker.keys.forget picker.keys.undo picker.keys.pin picker.keys.note picker.keys.home picker.keys.end picker.keys.left picker.keys.right picker.keys.word-left picker.keys.word-right picker.keys.erase-left picker.keys.erase-right picker.keys.kill-word picker.keys.kill-subword picker.keys.kill-word-right picker.keys.kill-to-start picker.keys.kill-to-end picker.keys.yank picker.style.dim picker.style.match picker.style.filter picker.style.mark picker.style.bad picker.style.warn picker.style.title picker.style.bold picker.style.command picker.style.option picker.style.string picker.style.variable picker.style.keyword picker.style.comment picker.style.mask picker.style.error DEJA_KEY DEJA_NEXT_KEY DEJA_SUGGEST_EMPTY DEJA_PRIVATE DEJA_HOME NO_COLOR'

complete -c deja -n '__deja_at config list' -l all -d 'Every key and style of the picker, too.'
complete -c deja -n '__deja_at config list' -l json -d 'Print one JSON object.'
complete -c deja -n '__deja_at config list' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at config schema' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at config set' -s h -l help -d 'Show this message and exit.'
complete -c deja -n '__deja_at config set' -a 'device ignore ignore_space record.ignore_dirs keep_own learn mcp model_dir precision picker.height picker.columns picker.list picker.enter picker.fold picker.mouse picker.theme picker.popup picker.up picker.keys.put picker.keys.run picker.keys.nth picker.keys.blanks picker.keys.edit picker.keys.query picker.keys.copy picker.keys.again picker.keys.leave picker.keys.up picker.keys.down picker.keys.page-up picker.keys.page-down picker.keys.half-up picker.keys.half-down picker.keys.first picker.keys.last picker.keys.whole-up picker.keys.whole-down picker.keys.scope picker.keys.outcome picker.keys.order picker.keys.help picker.keys.inspect picker.keys.episodes picker.keys.scores picker.keys.forget picker.keys.undo picker.keys.pin picker.keys.note picker.keys.home picker.keys.end picker.keys.left picker.keys.right picker.keys.word-left picker.keys.word-right picker.keys.erase-left picker.keys.erase-right picker.keys.kill-word picker.keys.kill-subword picker.keys.kill-word-right picker.keys.kill-to-start picker.keys.kill-to-end picker.keys.yank picker.style.dim picker.style.match picker.style.filter picker.style.mark picker.style.bad picker.style.warn picker.style.title picker.style.bold picker.style.command picker.style.option picker.style.string picker.style.variable picker.style.keyword picker.style.comment picker.style.mask picker.style.error DEJA_KEY DEJA_NEXT_KEY DEJA_SUGGEST_EMPTY DEJA_PRIVATE DEJA_HOME NO_COLOR'

complete -c deja -n '__deja_at config unset' -s h -l help -d 'Show this message and exit.'
complete -c deja -n '__deja_at config unset' -a 'device ignore ignore_space record.ignore_dirs keep_own learn mcp model_dir precision picker.height picker.columns picker.list picker.enter picker.fold picker.mouse picker.theme picker.popup picker.up picker.keys.put picker.keys.run picker.keys.nth picker.keys.blanks picker.keys.edit picker.keys.query picker.keys.copy picker.keys.again picker.keys.leave picker.keys.up picker.keys.down picker.keys.page-up picker.keys.page-down picker.keys.half-up picker.keys.half-down picker.keys.first picker.keys.last picker.keys.whole-up picker.keys.whole-down picker.keys.scope picker.keys.outcome picker.keys.order picker.keys.help picker.keys.inspect picker.keys.episodes picker.keys.scores picker.keys.forget picker.keys.undo picker.keys.pin picker.keys.note picker.keys.home picker.keys.end picker.keys.left picker.keys.right picker.keys.word-left picker.keys.word-right picker.keys.erase-left picker.keys.erase-right picker.keys.kill-word picker.keys.kill-subword picker.keys.kill-word-right picker.keys.kill-to-start picker.keys.kill-to-end picker.keys.yank picker.style.dim picker.style.match picker.style.filter picker.style.mark picker.style.bad picker.style.warn picker.style.title picker.style.bold picker.style.command picker.style.option picker.style.string picker.style.variable picker.style.keyword picker.style.comment picker.style.mask picker.style.error DEJA_KEY DEJA_NEXT_KEY DEJA_SUGGEST_EMPTY DEJA_PRIVATE DEJA_HOME NO_COLOR'

complete -c deja -n '__deja_at doctor' -l json -d 'Print one JSON object.'
complete -c deja -n '__deja_at doctor' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at mcp' -l log -d 'Print every call that was made, and serve nothing.'
complete -c deja -n '__deja_at mcp' -s h -l help -d 'Show this message and exit.'

complete -c deja -n '__deja_at init' -s h -l help -d 'Show this message and exit.'
complete -c deja -n '__deja_at init' -a 'zsh bash fish'

complete -c deja -n '__deja_at completion' -s h -l help -d 'Show this message and exit.'
complete -c deja -n '__deja_at completion' -a 'zsh bash fish'
