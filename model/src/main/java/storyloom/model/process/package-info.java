/**
 * What a process of ours has to do with the system that it runs on: today, signals. It uses {@code
 * sun.misc.Signal}, and no other package may. Start reading at {@link
 * storyloom.model.process.StopSignals}.
 */
package storyloom.model.process;
