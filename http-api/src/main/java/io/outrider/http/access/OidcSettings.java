package io.outrider.http.access;

import com.typesafe.config.Config;
import io.outrider.core.setting.Setting;
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings under {@code outrider.http.authentication} where the mode is {@code oidc}; {@code reference.conf} says what
 * each means.
 */
public record OidcSettings(
        String issuer,
        String audience,
        URL keys,
        String rolesClaim,
        Duration clockSkew,
        KeyCache cache,
        Optional<SignIn> signIn) {

    private static final String PATH = "outrider.http.authentication.";

    /**
     * How long the issuer's keys are kept.
     *
     * @param minRefreshInterval tokens with an unknown key id ask for new keys no more often than about this
     * @param outageLimit how long they are used on when the issuer does not answer
     */
    public record KeyCache(Duration maxAge, Duration minRefreshInterval, Duration outageLimit) {

        public KeyCache {
            Setting.require(
                    minRefreshInterval.toMillis() > 0,
                    PATH + "keys-min-refresh-interval",
                    "must be positive: " + minRefreshInterval);
            Setting.require(
                    maxAge.compareTo(minRefreshInterval) > 0,
                    PATH + "keys-max-age",
                    "must be longer than keys-min-refresh-interval (" + minRefreshInterval + "): " + maxAge);
            Setting.require(
                    outageLimit.compareTo(maxAge) > 0,
                    PATH + "keys-outage-limit",
                    "must be longer than keys-max-age (" + maxAge + "): " + outageLimit);
        }
    }

    /**
     * How a person signs in to the console: as a public client, by authorization code with PKCE (RFC 7636).
     *
     * @param authority where discovery begins: {@code /.well-known/openid-configuration} lies below it
     * @param scope what is asked for, with blanks between
     */
    public record SignIn(URI authority, String clientId, String scope) {

        public SignIn {
            Setting.require(!scope.isBlank(), PATH + "console.scope", "must not be empty");
        }

        static Optional<SignIn> from(Config console, String issuer) {
            String clientId = console.getString("client-id");
            if (clientId.isBlank()) {
                return Optional.empty();
            }
            String authority = console.getString("authority");
            URL address = safe("console.authority", authority.isBlank() ? issuer : authority);
            return Optional.of(new SignIn(URI.create(address.toString()), clientId, console.getString("scope")));
        }

        /** Scheme, host and port of the authority, as a browser names an origin. */
        public String origin() {
            return authority.getScheme() + "://" + authority.getRawAuthority();
        }
    }

    public OidcSettings {
        Setting.require(!issuer.isBlank(), PATH + "issuer", "must be set where mode is oidc");
        Setting.require(!audience.isBlank(), PATH + "audience", "must be set where mode is oidc");
        Setting.require(!rolesClaim.isBlank(), PATH + "roles-claim", "must be set where mode is oidc");
        Setting.require(
                !clockSkew.isNegative() && clockSkew.compareTo(Duration.ofMinutes(10)) <= 0,
                PATH + "clock-skew",
                "must be 0 s to 10 min: " + clockSkew);
    }

    /**
     * Reads {@code outrider.http}; empty where nobody need say who they are. IllegalArgumentException or ConfigException
     * names a bad key.
     */
    public static Optional<OidcSettings> from(Config http) {
        Config authentication = http.getConfig("authentication");
        String mode = authentication.getString("mode");
        if (mode.equals("none")) {
            return Optional.empty();
        }
        Setting.require(mode.equals("oidc"), PATH + "mode", "must be none or oidc: \"" + mode + "\"");
        return Optional.of(new OidcSettings(
                authentication.getString("issuer"),
                authentication.getString("audience"),
                safe("jwks-url", authentication.getString("jwks-url")),
                authentication.getString("roles-claim"),
                authentication.getDuration("clock-skew"),
                new KeyCache(
                        authentication.getDuration("keys-max-age"),
                        authentication.getDuration("keys-min-refresh-interval"),
                        authentication.getDuration("keys-outage-limit")),
                SignIn.from(authentication.getConfig("console"), authentication.getString("issuer"))));
    }

    /** Whoever could alter the keys on their way could make tokens. */
    private static URL safe(String key, String text) {
        try {
            URI address = new URI(text);
            String host = address.getHost();
            boolean safe = "https".equals(address.getScheme())
                    || ("http".equals(address.getScheme())
                            && host != null
                            && InetAddress.getByName(host).isLoopbackAddress());
            Setting.require(safe && host != null, PATH + key, "must be an https address: \"" + text + "\"");
            return address.toURL();
        } catch (URISyntaxException | MalformedURLException | UnknownHostException e) {
            throw new IllegalArgumentException(PATH + key + ": must be an https address: \"" + text + "\"", e);
        }
    }
}
