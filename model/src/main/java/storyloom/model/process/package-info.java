/** What a process of ours has to do with the system that it runs on. */
package storyloom.model.process;
