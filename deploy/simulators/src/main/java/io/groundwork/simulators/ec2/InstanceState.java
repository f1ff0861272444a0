package io.groundwork.simulators.ec2;

/** The states of an instance, with EC2's codes. */
enum InstanceState {
    PENDING(0, "pending"),
    RUNNING(16, "running"),
    SHUTTING_DOWN(32, "shutting-down"),
    TERMINATED(48, "terminated"),
    STOPPING(64, "stopping"),
    STOPPED(80, "stopped");

    private final int code;
    private final String wireName;

    InstanceState(int code, String wireName) {
        this.code = code;
        this.wireName = wireName;
    }

    int code() {
        return code;
    }

    String wireName() {
        return wireName;
    }

    void write(Xml xml, String name) {
        xml.nested(name, state -> state.text("code", code).text("name", wireName));
    }
}
