/**
 * Tells an MLflow server, or an Azure ML workspace, of training runs: parameters, metrics, dataset, and the model in MLflow's own layout
 * with ONNX flavour and signature. By way of an outbox in the lake, so that a server that is down costs no run and is told later. Knows
 * nothing of how models are made. Runs in the calling thread.
 */
@NullMarked
package io.outrider.training.mlflow;

import org.jspecify.annotations.NullMarked;
