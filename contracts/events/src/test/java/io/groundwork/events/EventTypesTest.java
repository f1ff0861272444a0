package io.groundwork.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventTypesTest {

    @Test
    void shouldGiveEveryEventOfEveryOwnerATypeOfItsOwn() {
        var types = new ArrayList<String>();
        for (var owner : Owner.values()) {
            types.addAll(EventTypes.classes(owner).keySet());
        }
        assertThat(types)
                .doesNotHaveDuplicates()
                .allMatch(type -> type.matches("io\\.groundwork\\.[a-z]+\\.[a-z-]+\\.v1"));
    }

    @Test
    void shouldLetExactlyTheOwnersPublishThatTheSealedInterfacesSay() {
        for (var event : leaves(Event.class)) {
            for (var owner : Owner.values()) {
                if (owner.events().isAssignableFrom(event)) {
                    var type = EventTypes.type(owner, event);
                    assertThat(EventTypes.eventClass(owner, type)).contains(event);
                } else {
                    assertThatThrownBy(() -> EventTypes.type(owner, event))
                            .isInstanceOf(IllegalArgumentException.class);
                }
            }
        }
    }

    @Test
    void shouldKnowWhoSaysWhat() {
        assertThat(owners(StepEvent.StepSkipped.class))
                .containsExactlyInAnyOrder(Owner.APPROVAL, Owner.ALLOCATION, Owner.CLOUD, Owner.BAREMETAL, Owner.IAM);
        assertThat(owners(ComponentEvent.ComponentProvisioned.class))
                .containsExactlyInAnyOrder(Owner.CLOUD, Owner.BAREMETAL);
        assertThat(owners(RequestEvent.RequestClosed.class)).containsExactly(Owner.REQUEST);
        assertThat(owners(ApprovalEvent.RequestApproved.class)).containsExactly(Owner.APPROVAL);
        assertThat(owners(AllocationEvent.ResourcesAllocated.class)).containsExactly(Owner.ALLOCATION);
        assertThat(owners(IamEvent.AccessGranted.class)).containsExactly(Owner.IAM);
        assertThat(owners(NotificationEvent.NotificationSent.class)).containsExactly(Owner.NOTIFICATION);
    }

    private static List<Owner> owners(Class<? extends Event> event) {
        return List.of(Owner.values()).stream()
                .filter(owner -> owner.events().isAssignableFrom(event))
                .toList();
    }

    private static Set<Class<? extends Event>> leaves(Class<? extends Event> type) {
        if (!type.isInterface()) {
            return Set.of(type);
        }
        var leaves = new HashSet<Class<? extends Event>>();
        for (var permitted : type.getPermittedSubclasses()) {
            leaves.addAll(leaves(permitted.asSubclass(Event.class)));
        }
        return leaves;
    }
}
