#compdef numbers
# Completion of numbers for zsh. The candidates come from numbers itself; zsh quotes them.
_numbers() {
  local -a lines values shown form
  local line value description
  local -i width=0
  lines=("${(@f)$(command numbers __complete zsh -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" </dev/null 2>/dev/null)}")
  case $lines[1] in
    files)
      [[ $PREFIX == --*=* ]] && compset -P 1 '*='
      _files
      return ;;
    folders)
      [[ $PREFIX == --*=* ]] && compset -P 1 '*='
      _files -/
      return ;;
  esac
  shift lines
  values=("${(@)lines%%$'\t'*}")
  for value in "${(@)values}"; do
    (( ${(m)#value} > width )) && width=${(m)#value}
  done
  for line in "${(@)lines}"; do
    value=${line%%$'\t'*}
    description=${line#*$'\t'}
    if [[ -n $description ]]; then
      value="${(mr:width:)value}  -- $description"
      form=(-l)
    fi
    shown+=("${value[1,COLUMNS-1]}")
  done
  (( $#values )) && compadd $form -V numbers -d shown -a values
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _numbers "$@"
else
  compdef _numbers numbers
fi
