package io.lunbridge.commands;

import io.lunbridge.daemon.HostPort;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** HOST[:PORT], with a default port per use. */
abstract class AddressConverter implements ITypeConverter<HostPort> {

    private final int defaultPort;

    private AddressConverter(int defaultPort) {
        this.defaultPort = defaultPort;
    }

    @Override
    public HostPort convert(String text) {
        try {
            return HostPort.parse(text, defaultPort);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    static final class Iscsi extends AddressConverter {
        Iscsi() {
            super(HostPort.ISCSI_PORT);
        }
    }

    static final class Nbd extends AddressConverter {
        Nbd() {
            super(HostPort.NBD_PORT);
        }
    }
}
