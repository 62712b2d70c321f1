package io.lunbridge.commands;

import io.lunbridge.daemon.InitiatorName;
import io.lunbridge.daemon.Root;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@link IscsidCommand} writes to the log. A class of its own, as the logger must not be made before its level is set. */
final class IscsidNews {

    private static final Logger LOG = LoggerFactory.getLogger(IscsidNews.class);

    private final Root root;

    IscsidNews(Root root) {
        this.root = root;
    }

    /** In open-iscsi's words (M-111). */
    void tellStart(boolean foreground) {
        if (!foreground) {
            LOG.info(
                    "iSCSI daemon with pid={} started!", ProcessHandle.current().pid());
        }
    }

    /** It runs all the same (M-114). */
    void tellMissing(@Nullable Path config) {
        if (!InitiatorName.isGiven(root)) {
            LOG.warn(
                    "InitiatorName file {} does not exist or does not contain a properly formatted InitiatorName: the name"
                            + " is made of the machine's id; iscsi-gen-initiatorname makes one",
                    root.initiatorName());
        }
        if (config != null && !Files.isReadable(config)) {
            LOG.warn("there is no configuration file {}: open-iscsi's defaults hold", config);
        }
    }

    /** Open-iscsi's daemon could be another user. */
    void tellUser() {
        LOG.warn("the daemon stays the user that it is: --uid and --gid are passed over, as devices need root");
    }
}
