/**
 * What a training is asked for and what it reports: settings that decide the weights, where it
 * stands between two rounds, its limits, its reports and how it ends. {@link TrainingPlan} is the
 * one to read first, then {@link TrainingPosition}; {@link DistributionStrategy} is the seam
 * between the loop and the way in which workers combine.
 *
 * <p>Records and interfaces without work on numbers: nothing here knows of graphs, and of Spark
 * only {@link StopRequest} does, which cancels its jobs, and {@link Placement}, which asks for its
 * slots.
 */
package storyloom.pipeline.train.plan;
