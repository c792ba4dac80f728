package io.outrider.http.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A place in the list of accounts as an opaque, address-safe token, so that clients do not come to build their own. */
final class Cursor {

    private static final byte VERSION = 'a';

    private Cursor() {}

    static String encode(String account) {
        byte[] text = account.getBytes(StandardCharsets.UTF_8);
        byte[] token =
                ByteBuffer.allocate(text.length + 1).put(VERSION).put(text).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** Throws the problem that names the field if the token is none. */
    static String decode(String field, String token) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            if (bytes.length < 2 || bytes[0] != VERSION) {
                throw PageParameters.badCursor(field, token);
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 1, bytes.length - 1))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw PageParameters.badCursor(field, token);
        }
    }
}
