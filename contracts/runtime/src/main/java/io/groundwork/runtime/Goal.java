package io.groundwork.runtime;

/** Which way an operation goes. Never from {@link #UNDONE} back to {@link #DONE}. */
public enum Goal {
    DONE,
    UNDONE
}
