// Placeholder: the MNIST training program goes here.
process.stdout.write("Myelin: nothing to train yet.\n");
