// Placeholder: the demo goes here.
document.body.append("Myelin");
