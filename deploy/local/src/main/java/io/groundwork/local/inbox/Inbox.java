package io.groundwork.local.inbox;

import com.icegreen.greenmail.mail.MovingMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.user.UserImpl;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A mail server that keeps what it gets: SMTP in, a page and {@code GET /api/messages} out.
 *
 * <p>A mail is on disk before SMTP acknowledges it. Both ports listen on the loopback interface only, as the mails carry
 * links that decide.
 */
public final class Inbox implements AutoCloseable {
    private static final String HOST = "localhost";

    private final GreenMail smtp;
    private final InboxServer http;

    private Inbox(GreenMail smtp, InboxServer http) {
        this.smtp = smtp;
        this.http = http;
    }

    /**
     * Starts both servers and returns when they take connections.
     *
     * @param directory where mails are kept; made if missing, continued if there are some
     * @param smtpPort 0 takes a free one, which {@link #smtpPort()} tells
     * @param httpPort 0 takes a free one, which {@link #httpPort()} tells
     */
    public static Inbox start(Path directory, int smtpPort, int httpPort) throws IOException {
        var mailbox = new Mailbox(directory, Clock.systemUTC());
        var smtp = new GreenMail(new ServerSetup(smtpPort, HOST, ServerSetup.PROTOCOL_SMTP));
        smtp.getUserManager().setMessageDeliveryHandler((message, to) -> keeper(mailbox, smtp, to.getEmail()));
        smtp.start();
        try {
            return new Inbox(smtp, InboxServer.start(mailbox, HOST, httpPort));
        } catch (IOException | RuntimeException failed) {
            smtp.stop();
            throw failed;
        }
    }

    public int smtpPort() {
        return smtp.getSmtp().getPort();
    }

    public int httpPort() {
        return http.port();
    }

    @Override
    public void close() {
        smtp.stop();
        http.close();
    }

    /**
     * Runs an inbox until the process is told to stop.
     *
     * @param args {@code --smtp N --port N --data DIR}
     */
    public static void main(String... args) throws IOException {
        if (args.length != 6 || !args[0].equals("--smtp") || !args[2].equals("--port") || !args[4].equals("--data")) {
            System.err.println("usage: Inbox --smtp N --port N --data DIR, not " + Arrays.toString(args));
            System.exit(2);
        }
        Logger.getLogger("").setLevel(Level.WARNING);
        var inbox = start(Path.of(args[5]), Integer.parseInt(args[1]), Integer.parseInt(args[3]));
        Runtime.getRuntime().addShutdownHook(new Thread(inbox::close, "stop"));
    }

    /** A recipient whose mails go to our mailbox instead of GreenMail's, which would hold all of them in memory. */
    private static GreenMailUser keeper(Mailbox mailbox, GreenMail smtp, String address) {
        return new UserImpl(address, address, "", smtp.getManagers().getImapHostManager()) {
            @Override
            public void deliver(MovingMessage message) {
                mailbox.add(address, message.getMessage());
            }
        };
    }
}
