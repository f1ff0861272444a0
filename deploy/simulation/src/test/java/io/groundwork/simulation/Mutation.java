package io.groundwork.simulation;

import io.groundwork.allocation.domain.Rules;
import io.groundwork.baremetal.driver.Redfish;
import io.groundwork.cloud.driver.Ec2;
import io.groundwork.events.Message;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.OperationPolicy;

/** A fault put in on purpose, to see that it is found. By default there is none. */
interface Mutation {

    /** Groundwork as it is. */
    Mutation NONE = new Mutation() {};

    default Machine machine(String name, Machine machine) {
        return machine;
    }

    default Ec2 cloud(Ec2 cloud) {
        return cloud;
    }

    default Redfish redfish(Redfish bmc) {
        return bmc;
    }

    default Rules rules(Rules rules) {
        return rules;
    }

    default OperationPolicy policy() {
        return OperationPolicy.DEFAULT;
    }

    default Message work(Message work) {
        return work;
    }

    /** Whether every seed has servers, as one without cannot show the fault. */
    default boolean servers() {
        return false;
    }

    /** Whether what a task sent before it crashed stays sent. */
    default boolean torn() {
        return false;
    }
}
