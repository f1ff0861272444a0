package io.groundwork.baremetal.driver;

import io.groundwork.baremetal.domain.Registration.Bmc;
import io.groundwork.baremetal.driver.HttpRedfish.Account;
import io.groundwork.baremetal.driver.HttpRedfish.Layout;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The BMCs of servers, by HTTP: resolves the credentials that servers only refer to, and knows which certificates to trust. */
public final class Bmcs implements Function<Bmc, Redfish> {

    private static final String BY_AUTHORITY = "";

    private final Map<String, Account> accounts = new ConcurrentHashMap<>();
    private final Map<String, HttpClient> clients = new ConcurrentHashMap<>();
    private final Map<URI, Layout> layouts = HttpRedfish.layouts();
    private final @Nullable Path authorities;
    private final Duration callTime;

    /**
     * @param authorities certificates (PEM) that BMCs without a pinned one are trusted by; the JDK's own if null
     * @param callTime how long a call may take
     */
    public Bmcs(@Nullable Path authorities, Duration callTime) {
        this.authorities = authorities;
        this.callTime = callTime;
    }

    /** With an account for servers that refer to it by {@code name}. */
    public Bmcs with(String name, String user, String password) {
        accounts.put(name, new Account(user, password));
        return this;
    }

    /** @throws RedfishException.Forbidden if the credentials are not known here */
    @Override
    public Redfish apply(Bmc bmc) {
        var account = accounts.get(bmc.credential());
        if (account == null) {
            throw new RedfishException.Forbidden("there are no credentials called " + bmc.credential());
        }
        return new HttpRedfish(http(bmc.fingerprint()), bmc.address(), account, callTime, layouts);
    }

    /** A client that trusts the certificate with that fingerprint, or the authorities if it is null. */
    public HttpClient http(@Nullable String fingerprint) {
        var trusted = fingerprint == null
                ? BY_AUTHORITY
                : fingerprint.replace(":", "").toLowerCase(Locale.ROOT);
        return clients.computeIfAbsent(trusted, this::client);
    }

    private HttpClient client(String fingerprint) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(callTime.dividedBy(2))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .sslContext(context(fingerprint))
                .build();
    }

    private SSLContext context(String fingerprint) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(
                    null,
                    fingerprint.equals(BY_AUTHORITY)
                            ? authorities == null ? null : trusting(authorities)
                            : new TrustManager[] {new Pinned(fingerprint)},
                    null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the authorities of BMCs cannot be read", e);
        }
    }

    private static TrustManager[] trusting(Path authorities) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var in = Files.newInputStream(authorities)) {
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + store.size(), certificate);
            }
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    /** Trusts one certificate, whatever name it is for: BMCs make their own. */
    private static final class Pinned extends X509ExtendedTrustManager {

        private final String fingerprint;

        Pinned(String fingerprint) {
            this.fingerprint = fingerprint;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            try {
                var found = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded()));
                if (!found.equals(fingerprint)) {
                    throw new CertificateException("it is " + found);
                }
            } catch (GeneralSecurityException e) {
                throw e instanceof CertificateException known ? known : new CertificateException(e);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("this is a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("this is a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("this is a client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
