package io.lunbridge.iscsiadm;

import java.util.ArrayList;
import java.util.List;

/** What bash completes in a command line of iscsiadm: the options of its mode, and the values that there can be. */
final class IscsiadmCompletion {

    private static final String TEMPLATE = """
            # bash completion for iscsiadm
            _iscsiadm() {
              local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} mode= i options values=
              local records=${LUNBRIDGE_ROOT:-}/etc/iscsi
              COMPREPLY=()
              for ((i = 1; i < COMP_CWORD; i++)); do
                case ${COMP_WORDS[i]} in
                  -m | --mode) mode=${COMP_WORDS[i + 1]} ;;
                esac
              done
              case $before in
                -m | --mode) values="%MODES%" ;;
                -o | --op) values="%OPERATIONS%" ;;
                -t | --type) values="sendtargets isns fw" ;;
                -L | --loginall) values="all manual automatic onboot" ;;
                -U | --logoutall) values="all manual automatic" ;;
                -P | --print) values="0 1 2 3" ;;
                -C | --submode) values="ping chap flashnode stats" ;;
                -T | --targetname) values=$(ls "$records/nodes" 2>/dev/null) ;;
                -I | --interface) values="default $(ls "$records/ifaces" 2>/dev/null)" ;;
                %WITH_VALUE%) return ;;
                *)
                  case $mode in
            %OPTIONS_OF_MODES%
                    *) values="-m --mode -h --help -V --version -k --killiscsid" ;;
                  esac
                  ;;
              esac
              mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
              # Names of targets hold colons, where bash begins a new word.
              if declare -F __ltrim_colon_completions >/dev/null; then __ltrim_colon_completions "$word"; fi
            }
            complete -F _iscsiadm iscsiadm
            """;

    private IscsiadmCompletion() {}

    static String text() {
        List<String> modes = new ArrayList<>();
        List<String> ofModes = new ArrayList<>();
        for (Mode mode : Mode.values()) {
            modes.add(IscsiadmManual.word(mode));
            ofModes.add("        " + IscsiadmManual.word(mode) + ") values=\"" + options(mode) + "\" ;;");
        }
        List<String> operations = new ArrayList<>();
        for (Operation operation : Operation.values()) {
            operations.add(OptionText.word(operation));
        }
        List<String> withValue = new ArrayList<>();
        for (Option option : Option.values()) {
            if (option.argument() == Option.Argument.REQUIRED) {
                withValue.add("-" + option.letter() + " | --" + option.longName());
            }
        }
        return TEMPLATE.replace("%MODES%", String.join(" ", modes))
                .replace("%OPERATIONS%", String.join(" ", operations))
                .replace("%WITH_VALUE%", String.join(" | ", withValue))
                .replace("%OPTIONS_OF_MODES%", String.join("\n", ofModes));
    }

    private static String options(Mode mode) {
        List<String> words = new ArrayList<>();
        for (Option option : Option.values()) {
            if (mode.allows(option)) {
                words.add("-" + option.letter());
                words.add("--" + option.longName());
            }
        }
        return String.join(" ", words);
    }
}
