/**
 * Pictures as PNG files, drawn without a screen, and the files of a cleaning report. Nothing here
 * is needed by a run: on a machine that cannot draw a warning takes the picture's place.
 *
 * <p>Read first: {@link storyloom.jobs.chart.Picture}.
 */
package storyloom.jobs.chart;
