# Completion of numbers for fish. The candidates come from numbers itself; fish quotes them.
function __numbers_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l lines (command numbers __complete fish -- $words[2..-1] "$typed" </dev/null 2>/dev/null)
    switch "$lines[1]"
        case files
            # A command that fish does not know is completed by files.
            complete -C "__numbers_unknown $typed"
        case folders
            complete -C "__numbers_unknown $typed" | string match -r '.*/$'
        case '*'
            printf '%s\n' $lines[2..-1]
    end
end
complete -c numbers -e
complete -c numbers -f -k -a '(__numbers_complete)'
