package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByLabelOptions;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Playwright.CreateOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The page behind the link as an approver sees it: a real browser, as wide as a phone. Skipped where there is no Chromium. */
@Order(7)
class DecisionPageIT extends StackTest {
    private static final Path PICTURES = Path.of("target", "pictures");
    private static final int PHONE_WIDTH = 390;

    private static Playwright playwright;
    private static Browser browser;
    private Page page;

    @BeforeAll
    static void openBrowser() {
        var chromium = Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(":")).map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(chromium.isPresent(), "no Chromium on the PATH");
        playwright = Playwright.create(new CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new LaunchOptions()
                        .setExecutablePath(chromium.get())
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
            playwright.close();
        }
    }

    @AfterEach
    void closePage() {
        if (page != null) {
            page.context().close();
        }
    }

    @Test
    void shouldApproveWhatItShows() {
        var resource = Ask.newResource("browser");
        var id = client.submit(Ask.deploy(resource).machines(2).access("operator"));
        open(id);

        assertThat(page.locator("main").innerText())
                .contains(resource, Ask.REQUESTER, "2 × m.small", "payments-devs as operator", "EUR", "provision:web");
        assertThat(page.locator("input:checked").count())
                .as("choices made for the approver")
                .isZero();
        assertThat(select("Region").inputValue() + select("Profile").inputValue())
                .isEmpty();
        assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
                .as("the page's width")
                .isLessThanOrEqualTo(PHONE_WIDTH);
        picture("question");

        // what is required is asked for before anything is sent
        send();
        assertThat(page.locator(":invalid").count()).isPositive();
        page.getByLabel("Approve", new GetByLabelOptions().setExact(true)).check();
        page.getByLabel("Reason").fill("Needed for the launch.");
        send();
        assertThat(page.getByRole(AriaRole.ALERT).innerText()).contains("region", "profile");
        assertThat(page.getByLabel("Reason").inputValue()).isEqualTo("Needed for the launch.");
        picture("incomplete");

        select("Region").selectOption(Ask.REGION);
        select("Profile").selectOption("standard");
        send();
        assertThat(page.getByRole(AriaRole.STATUS).innerText()).containsIgnoringCase("approved");
        assertThat(page.locator("form").count()).isZero();
        picture("approved");
        assertThat(client.awaitEnd(id).path("state").asText()).isEqualTo("COMPLETED");
        assertThat(cloud.machines(resource))
                .hasSize(2)
                .allSatisfy(machine -> assertThat(machine.region()).isEqualTo(Ask.REGION));
    }

    @Test
    void shouldRejectByKeyboardAlone() {
        var id = client.submit(Ask.deploy(Ask.newResource("keyboard")).machines(1));
        open(id);

        page.keyboard().press("Tab");
        page.keyboard().press("Space");
        page.keyboard().press("ArrowDown");
        page.keyboard().press("Tab");
        page.keyboard().type("Not this quarter.");
        for (var next : new String[] {"region", "profile", "button"}) {
            page.keyboard().press("Tab");
            assertThat(page.locator(":focus").count()).as(next).isEqualTo(1);
        }
        page.keyboard().press("Enter");
        page.locator("form").waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));

        assertThat(page.getByRole(AriaRole.STATUS).innerText()).containsIgnoringCase("rejected");
        assertThat(client.awaitEnd(id).path("state").asText()).isEqualTo("REJECTED");
    }

    /** As a mail scanner that runs a browser and sends what forms it finds. */
    @Test
    void shouldNotBeDecidedByAMachineThatSendsTheForm() {
        var id = client.submit(Ask.deploy(Ask.newResource("robot")).machines(1));
        open(id);

        page.evaluate("document.forms[0].submit()");

        page.getByRole(AriaRole.ALERT).waitFor();
        assertThat(client.get(id).path("state").asText()).isEqualTo("AWAITING_APPROVAL");
        approver.reject(id);
    }

    private void open(String request) {
        page = browser.newContext(new Browser.NewContextOptions().setViewportSize(PHONE_WIDTH, 844))
                .newPage();
        page.navigate(approver.link(request));
    }

    private Locator select(String label) {
        return page.getByLabel(label);
    }

    private void send() {
        page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName("Send decision"))
                .click();
    }

    private void picture(String name) {
        page.screenshot(
                new ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")).setFullPage(true));
    }
}
