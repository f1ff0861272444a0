package io.groundwork.runtime;

/**
 * The code that knows one back end. Each call makes one short move toward the goal, at most a few calls to the back end, and
 * returns; waiting is a timer of the engine and holds no thread. Both methods may be called again at any time, also after a
 * call whose answer was lost, and so first observe what is there.
 *
 * @param <P> what an operation shall do: a record
 * @param <C> how far it has come: a record, null at first
 */
public interface Driver<P, C> {

    /** Which class reads an operation's specification. */
    Class<P> specification();

    /** Which class reads an operation's checkpoint. */
    Class<C> checkpoint();

    /** One move toward done. Called also of an operation that is done, to take away what a late call made beside it. */
    Progress<C> advance(Operation<P, C> operation);

    /** One move toward nothing being left. */
    Progress<C> undo(Operation<P, C> operation);
}
