package io.lunbridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InitiatorNameTest {

    @TempDir
    private Path directory;

    private Path nameFile() {
        return directory.resolve("initiatorname.iscsi");
    }

    private Path idFile() {
        return directory.resolve("machine-id");
    }

    @Test
    void openIscsisNameComesFirst() throws IOException {
        Files.writeString(nameFile(), "## a comment\n#InitiatorName=iqn.no\nInitiatorName = iqn.1993-08.org:01:ab \n");
        Files.writeString(idFile(), "0123456789abcdef0123456789abcdef\n");

        assertThat(InitiatorName.of(nameFile(), idFile())).isEqualTo("iqn.1993-08.org:01:ab");
    }

    @Test
    void thenTheMachinesId() throws IOException {
        Files.writeString(nameFile(), "GenerateName=yes\n");
        Files.writeString(idFile(), "0123456789abcdef0123456789abcdef\n");

        assertThat(InitiatorName.of(nameFile(), idFile()))
                .matches("iqn\\.2026-11\\.io\\.lunbridge:[0-9a-f]{12}")
                .doesNotContain("0123456789ab")
                .isEqualTo(InitiatorName.of(nameFile(), idFile()));
    }

    @Test
    void withoutEitherItIsTheSameEverywhere() {
        assertThat(InitiatorName.of(nameFile(), idFile())).isEqualTo("iqn.2026-11.io.lunbridge:initiator");
    }
}
