# Completion of numbers for bash 4.4 or newer. The candidates come from numbers itself, quoted already.
_numbers() {
  local kind= candidate
  COMPREPLY=()
  while IFS= read -r candidate; do
    if [[ -z $kind ]]; then
      kind=$candidate
    else
      COMPREPLY+=("$candidate")
    fi
  done < <(command numbers __complete bash -- "$COMP_WORDBREAKS" "${COMP_LINE:0:COMP_POINT}" </dev/null 2>/dev/null)
  case $kind in
    files) compopt -o default ;;
    folders) compopt -o dirnames ;;
  esac
}
complete -o nosort -F _numbers numbers
