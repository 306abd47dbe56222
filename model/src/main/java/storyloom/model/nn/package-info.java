/** The network: a DL4J ComputationGraph of our own vertices and output layer. */
package storyloom.model.nn;
