package io.lunbridge.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The form of what goes over the control socket: a JSON object on one line, in UTF-8, ended by a line feed.
 *
 * <pre>
 *  client  {"version":1,"verb":"attach", arguments…}
 *  daemon  {"version":1,"progress":"attach","seconds":2}     any number of them, while the client waits
 *  daemon  {"version":1,"ok":true, results…}                 or
 *          {"version":1,"error":"a sentence","exitCode":"BUSY"}
 * </pre>
 *
 * <p>A daemon that does not know the version, the verb or an argument says in its error what it knows: {@code "versions"}
 * and {@code "verbs"}, each verb with its arguments. Nothing is passed over in silence, so a newer client never believes
 * that an older daemon has heeded an option. One request a connection.
 */
final class ControlMessage {

    /** Of the protocol. Added arguments and verbs do not change it, for they are refused where they are not known. */
    static final int VERSION = 1;

    /** Without the line feed. */
    static final int MAX_BYTES = 64 << 10;

    static final String VERSION_KEY = "version";
    static final String VERB = "verb";
    static final String PROGRESS = "progress";
    static final String SECONDS = "seconds";
    static final String OK = "ok";
    static final String ERROR = "error";
    static final String EXIT_CODE = "exitCode";

    /** Open-iscsi's number of the failure, where it has one. */
    static final String ISCSI_ERROR = "iscsiError";

    private static final int MAX_DEPTH = 16;

    private static final JSON FORM = JSON.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .build();

    private ControlMessage() {}

    /** A message of this version, to which more is put. */
    static Map<String, @Nullable Object> empty() {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put(VERSION_KEY, VERSION);
        return message;
    }

    /**
     * The line, with its line feed.
     *
     * @throws ProtocolException if it is longer than a message may be
     */
    static ByteBuffer encode(Map<String, @Nullable Object> message) throws IOException {
        byte[] text = FORM.asBytes(message);
        if (text.length > MAX_BYTES) {
            throw new ProtocolException("a message of " + text.length + " bytes; the most is " + MAX_BYTES);
        }
        ByteBuffer line = ByteBuffer.allocate(text.length + 1);
        return line.put(text).put((byte) '\n').flip();
    }

    /**
     * Reads a line without its line feed.
     *
     * @throws ProtocolException if it is not one JSON object; the message holds nothing of the line, which may hold secrets
     */
    static Map<String, Object> decode(byte[] line) throws ProtocolException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
            try (JsonParser parser = FORM.getStreamingFactory().createParser(text)) {
                Map<String, Object> message = FORM.mapFrom(parser);
                if (message == null || parser.nextToken() != null) {
                    throw new ProtocolException("not one JSON object");
                }
                return message;
            }
        } catch (CharacterCodingException e) {
            throw new ProtocolException("not UTF-8");
        } catch (ProtocolException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new ProtocolException("not a JSON object");
        }
    }
}
