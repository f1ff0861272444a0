package io.groundwork.local.inbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/** The inbox over HTTP: pages for people, JSON for programs. */
final class InboxServer implements AutoCloseable {
    private static final Pattern MESSAGE = Pattern.compile("/messages/(\\d+)");
    private static final Pattern MESSAGE_HTML = Pattern.compile("/messages/(\\d+)/html");
    /** Names of this machine; another one in a request means that a foreign page made its own name point here. */
    private static final Pattern LOCAL = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");

    private static final String PAGE_POLICY = "default-src 'none'; style-src 'self'; script-src 'self';"
            + " connect-src 'self'; frame-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'";
    /** A mail's own HTML: no script, no loading from elsewhere, links open beside it. */
    private static final String MAIL_POLICY = "sandbox allow-popups allow-popups-to-escape-sandbox;"
            + " default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    private final HttpServer server;
    private final Mailbox mailbox;

    private InboxServer(HttpServer server, Mailbox mailbox) {
        this.server = server;
        this.mailbox = mailbox;
    }

    static InboxServer start(Mailbox mailbox, String host, int port) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 0);
        var inbox = new InboxServer(server, mailbox);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", inbox::handle);
        server.start();
        return inbox;
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var host = exchange.getRequestHeaders().getFirst("Host");
            if (host == null || !LOCAL.matcher(host).matches()) {
                send(exchange, 403, "text/plain", "This inbox answers to localhost only.\n");
                return;
            }
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
            switch (exchange.getRequestMethod()) {
                case "GET", "HEAD" -> get(exchange, exchange.getRequestURI().getPath());
                case "DELETE" -> delete(exchange);
                default -> send(exchange, 405, "text/plain", "Only GET, HEAD and DELETE are known here.\n");
            }
        }
    }

    private void get(HttpExchange exchange, String path) throws IOException {
        switch (path) {
            case "/" -> page(exchange, "");
            case "/list" -> send(exchange, 200, "text/html", InboxPage.list(mailbox.list(), query(exchange)));
            case "/api/messages" -> messages(exchange);
            case "/inbox.css" -> resource(exchange, "inbox.css", "text/css");
            case "/inbox.js" -> resource(exchange, "inbox.js", "text/javascript");
            default -> {
                var message = MESSAGE.matcher(path);
                var html = MESSAGE_HTML.matcher(path);
                if (message.matches()) {
                    page(exchange, message.group(1));
                } else if (html.matches()) {
                    mail(exchange, html.group(1));
                } else {
                    send(exchange, 404, "text/plain", "Nothing is here. The inbox is at /\n");
                }
            }
        }
    }

    private void delete(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().equals("/api/messages")) {
            mailbox.clear();
            exchange.sendResponseHeaders(204, -1);
        } else {
            send(exchange, 405, "text/plain", "Only /api/messages can be deleted.\n");
        }
    }

    private void page(HttpExchange exchange, String id) throws IOException {
        var message = mailbox.find(id);
        var missing = message.isEmpty() && !id.isEmpty();
        exchange.getResponseHeaders().set("Content-Security-Policy", PAGE_POLICY);
        send(exchange, missing ? 404 : 200, "text/html", InboxPage.page(mailbox.list(), id, message));
    }

    private void mail(HttpExchange exchange, String id) throws IOException {
        var message = mailbox.find(id);
        if (message.isEmpty()) {
            send(exchange, 404, "text/plain", "There is no such message.\n");
            return;
        }
        exchange.getResponseHeaders().set("Content-Security-Policy", MAIL_POLICY);
        send(exchange, 200, "text/html", InboxPage.mail(message.get()));
    }

    private void messages(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(200, 0);
        try (var out = exchange.getResponseBody()) {
            mailbox.writeTo(out);
        }
    }

    private static String query(HttpExchange exchange) {
        return Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), "");
    }

    private static void resource(HttpExchange exchange, String name, String type) throws IOException {
        try (var in = Objects.requireNonNull(InboxServer.class.getResourceAsStream(name), name)) {
            send(exchange, 200, type, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type + ";charset=utf-8");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
