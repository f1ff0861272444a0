"""Drives one server through OpenStack's Redfish library, as Ironic does: sushy_client.py URL CA PREFIX USER PASSWORD IMAGE"""
import sys
import time

import sushy
from sushy import auth

url, ca, prefix, user, password, image = sys.argv[1:]


def wait(what, condition):
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.05)


session = auth.SessionAuth(user, password)
root = sushy.Sushy(url, auth=session, root_prefix=prefix, verify=ca)
system = root.get_system_collection().get_members()[0]
print("system", system.name, system.power_state.value)
print("memory", system.memory_summary.size_gib)
print("processors", system.processors.summary.count, system.processors.summary.architecture.value)
print("nics", len(system.ethernet_interfaces.summary))
print("drives", len(system.storage.drives_sizes_bytes))
print("resets", len(system.get_allowed_reset_system_values()))
print("boot devices", sorted(each.value for each in system.get_allowed_system_boot_source_values()))

try:
    drives = system.virtual_media.get_members()
except sushy.exceptions.MissingAttributeError:
    drives = system.managers[0].virtual_media.get_members()
media = drives[0]
media.insert_media(image)
media.refresh()
print("inserted", media.inserted, media.image == image)
system.set_system_boot_options(sushy.BOOT_SOURCE_TARGET_CD, enabled=sushy.BOOT_SOURCE_ENABLED_ONCE)
system.reset_system(sushy.RESET_ON)


def is_installed():
    system.refresh(force=True)
    # Consumed at the first boot, the second is from the disk.
    return system.boot["enabled"].value == "Disabled" and system.boot_progress.last_state.value == "OSRunning"


wait("the installed system to run", is_installed)
print("power", system.power_state.value)
media.refresh(force=True)
media.eject_media()
media.refresh()
print("inserted", media.inserted)

try:
    system.reset_system("bogus")
    print("a bogus reset was sent")
except sushy.exceptions.SushyError as error:
    print("refused", type(error).__name__)


def is_off():
    system.refresh(force=True)
    return system.power_state.value == "Off"


system.reset_system(sushy.RESET_GRACEFUL_SHUTDOWN)
wait("power off", is_off)
print("power", system.power_state.value)
session.close()
