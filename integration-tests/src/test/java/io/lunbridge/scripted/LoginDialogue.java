package io.lunbridge.scripted;

import java.io.IOException;

/** The target's side of a login without authentication, RFC 7143 sections 6.3, 11.12 and 11.13. */
public final class LoginDialogue {

    public static final int TRANSIT = 0x80;
    public static final int CONTINUE = 0x40;
    public static final int SECURITY = 0;
    public static final int OPERATIONAL = 1;
    public static final int FULL_FEATURE = 3;
    private static final int TSIH = 0x1234;

    private final Peer peer;
    private boolean begun;

    LoginDialogue(Peer peer) {
        this.peer = peer;
    }

    /** For scripts that answer login requests themselves. */
    public static LoginDialogue on(Peer peer) {
        return new LoginDialogue(peer);
    }

    void run() throws IOException {
        TextKeys offered = new TextKeys();
        while (true) {
            RawPdu request = request();
            offered.putAll(request.textKeys());
            if ((request.flags() & CONTINUE) != 0) {
                respond(request, currentStage(request) << 2, new byte[0]);
                continue;
            }
            TextKeys answers = peer.keys().answers(offered);
            offered = new TextKeys();
            respond(request, request.flags(), answers.encoded());
            if (request.isFinal() && nextStage(request) == FULL_FEATURE) {
                peer.enterFullFeature();
                return;
            }
        }
    }

    /** The next login request, held to the rules that hold for all of them. */
    public RawPdu request() throws IOException {
        RawPdu request = peer.expect(Op.LOGIN);
        if (!begun) {
            peer.numbers().begin(request);
            begun = true;
        }
        require(request.isImmediate(), "a login request is immediate, section 11.12", request);
        require(request.cmdSn() == peer.numbers().expCmdSn(), "CmdSN changes during login", request);
        require(currentStage(request) != 2, "stage 2 is reserved", request);
        return request;
    }

    /** Sends a login response with these flags (T, C, CSG, NSG) and text. */
    public void respond(RawPdu request, int flags, byte[] text) throws IOException {
        boolean isLast = (flags & TRANSIT) != 0 && (flags & 3) == FULL_FEATURE;
        respond(request, flags, text, isLast ? TSIH : 0);
    }

    /** The same with a TSIH that need not be right. */
    public void respond(RawPdu request, int flags, byte[] text, int tsih) throws IOException {
        peer.sendStatus(response(request).flags(flags).data(text).u16(14, tsih));
    }

    /** Sends the initiator elsewhere: status class 1 with a TargetAddress (section 11.13.5). */
    public void redirect(RawPdu request, int statusDetail, String targetAddress) throws IOException {
        byte[] text = TextKeys.of("TargetAddress", targetAddress).encoded();
        peer.sendStatus(
                response(request).flags(0).u8(36, 1).u8(37, statusDetail).data(text));
    }

    /** Refuses the login with a status class and detail (section 11.13.5). */
    public void refuse(RawPdu request, int statusClass, int statusDetail) throws IOException {
        peer.sendStatus(response(request).flags(0).u8(36, statusClass).u8(37, statusDetail));
    }

    private static RawReply response(RawPdu request) {
        return RawReply.of(Op.LOGIN_RESPONSE)
                .u32(8, request.u32(8))
                .u16(12, request.u16(12))
                .initiatorTaskTag(request.initiatorTaskTag());
    }

    public static int currentStage(RawPdu request) {
        return request.flags() >> 2 & 3;
    }

    public static int nextStage(RawPdu request) {
        return request.flags() & 3;
    }

    private static void require(boolean condition, String complaint, RawPdu request) {
        if (!condition) {
            throw new AssertionError(complaint + ": " + request);
        }
    }
}
