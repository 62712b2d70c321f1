package io.lunbridge.commands;

import io.lunbridge.daemon.LunUrl;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The URL that names the LUN. */
final class LunUrlParameter {

    static final String FORM = "iscsi://[USER[%%SECRET]@]HOST[:PORT]/TARGET-NAME/LUN";
    static final String EXPLANATION =
            "IPv6 addresses stand in brackets; %%XX stands for a byte. A secret here can be seen by other users of this"
                    + " machine until the process has begun; a --chap-file cannot.";

    @Parameters(
            index = "0",
            paramLabel = "URL",
            converter = Converter.class,
            description = {FORM, EXPLANATION})
    @SuppressWarnings("NullAway.Init") // picocli sets it
    LunUrl url;

    static final class Converter implements ITypeConverter<LunUrl> {
        @Override
        public LunUrl convert(String text) {
            try {
                return LunUrl.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
