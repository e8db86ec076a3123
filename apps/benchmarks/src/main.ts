// Placeholder: the benchmark program goes here.
process.stdout.write("Myelin: nothing to measure yet.\n");
