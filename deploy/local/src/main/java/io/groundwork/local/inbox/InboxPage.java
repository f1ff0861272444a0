package io.groundwork.local.inbox;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The inbox as HTML. Complete without scripts; with them the list keeps itself fresh while a mail is being read. */
final class InboxPage {
    private static final int SHOWN = 200;
    private static final Pattern LINK = Pattern.compile("https?://[^\\s<>\"']+");

    /** The whole page, with the message {@code id} opened if there is one. */
    static String page(List<Mailbox.Summary> messages, String id, Optional<Message> opened) {
        // Without scripts the page itself is loaded again, but not under the eyes of somebody who reads a mail.
        var refresh = id.isEmpty() ? "<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>" : "";
        var reading = opened.map(InboxPage::message)
                .orElseGet(() -> "<p class=\"nothing\">"
                        + (id.isEmpty() ? "Choose a message to read it." : "This message is gone.") + "</p>");
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Inbox · Groundwork</title>
                <link rel="icon" href="data:,">
                <link rel="stylesheet" href="/inbox.css">
                <script src="/inbox.js" defer></script>
                %s
                </head>
                <body class="%s">
                <nav aria-label="Messages">
                <h1><a href="/">Inbox</a></h1>
                <div id="list" data-opened="%s">%s</div>
                </nav>
                <main>%s</main>
                </body>
                </html>
                """.formatted(refresh, id.isEmpty() ? "choosing" : "reading", escape(id), list(messages, id), reading);
    }

    /** The list alone, for the script that keeps it fresh. */
    static String list(List<Mailbox.Summary> messages, String opened) {
        if (messages.isEmpty()) {
            return "<p class=\"nothing\">No mail yet. What Groundwork sends appears here by itself.</p>";
        }
        var items = messages.stream()
                .limit(SHOWN)
                .map(message -> """
                        <li><a href="/messages/%s"%s><strong>%s</strong><span>%s</span>%s</a></li>""".formatted(
                                escape(message.id()),
                                message.id().equals(opened) ? " aria-current=\"page\"" : "",
                                escape(titled(message.subject())),
                                escape(message.to()),
                                time(message.receivedAt())))
                .collect(Collectors.joining("\n"));
        var more = messages.size() > SHOWN
                ? "<p class=\"nothing\">and " + (messages.size() - SHOWN)
                        + " older ones, by <a href=\"/api/messages\">API</a></p>"
                : "";
        return "<ul>\n" + items + "\n</ul>" + more;
    }

    /** The HTML of a mail as a document of its own, for a sandboxed frame; links in it open beside the inbox. */
    static String mail(Message message) {
        return "<!doctype html><meta charset=\"utf-8\"><base target=\"_blank\">"
                + "<style>body { margin: 1.25rem; font-family: system-ui, sans-serif }</style>" + message.html();
    }

    private static String message(Message message) {
        var text = "<pre>" + linked(message.text()) + "</pre>";
        var body = message.html().isEmpty() ? text : """
                <iframe title="The mail" src="/messages/%s/html" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
                <details><summary>Text part</summary>%s</details>""".formatted(escape(message.id()), text);
        return """
                <article>
                <header>
                <a class="back" href="/">All messages</a>
                <h2>%s</h2>
                <p>to %s · %s</p>
                </header>
                %s
                </article>""".formatted(escape(titled(message.subject())), escape(message.to()), time(message.receivedAt()), body);
    }

    private static String titled(String subject) {
        return subject.isBlank() ? "(no subject)" : subject;
    }

    private static String time(String receivedAt) {
        var shown = receivedAt.substring(0, 10) + " " + receivedAt.substring(11, 19) + " UTC";
        return "<time datetime=\"" + escape(receivedAt) + "\">" + escape(shown) + "</time>";
    }

    /** Text as HTML, its links made clickable. */
    private static String linked(String text) {
        var html = new StringBuilder();
        var end = 0;
        for (var link = LINK.matcher(text); link.find(); end = link.end()) {
            var url = escape(link.group());
            html.append(escape(text.substring(end, link.start())))
                    .append("<a href=\"" + url + "\" target=\"_blank\" rel=\"noopener noreferrer\">" + url + "</a>");
        }
        return html.append(escape(text.substring(end))).toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private InboxPage() {}
}
