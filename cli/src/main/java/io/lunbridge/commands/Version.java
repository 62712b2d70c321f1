package io.lunbridge.commands;

import picocli.CommandLine.IVersionProvider;

/** Reads the version from the jar's manifest. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {
            "lunbridge " + (version == null ? "(not packaged)" : version) + ", Java " + Runtime.version()
        };
    }
}
