"""Names that people write in several ways, a group a line: what a night shift hears, and what it writes."""

GROUPS = tuple(
    tuple(line.split())
    for line in """Catherine Katherine Kathryn Katharine Catharine
Steven Stephen Stefan
Jon John
Sean Shawn Shaun
Geoffrey Jeffrey Jeffery
Philip Phillip
Michael Micheal Mikel
Sarah Sara
Ann Anne
Rachel Rachael
Brian Bryan Brien
Eric Erik Erick
Mark Marc
Carl Karl
Christopher Kristopher Cristopher
Christina Kristina Cristina
Nicholas Nicolas Nickolas
Alan Allen Allan
Teresa Theresa
Deborah Debra
Aaron Aron
Lindsay Lindsey
Caitlin Kaitlyn Katelyn
Isabel Isabelle Izabel
Zachary Zachery Zackary
Tyrone Tyron
Jasmine Jazmin Jasmin
Latoya LaToya
DeShawn Deshaun Dashawn
Mohammed Muhammad Mohamed Mohammad
Hussein Hussain Husain
Ahmed Ahmad
Fatima Fatimah
Smith Smyth Smythe
Meyer Meier Maier Mayer Myer
Schmidt Schmitt Shmidt
Thompson Thomson
Johnson Johnston Jonson
Peterson Petersen Pedersen
Anderson Andersen Andersson
Hansen Hanson
Clark Clarke
Brown Browne
Green Greene
Moore More Moor
Reid Reed Read
Cooper Couper
Stewart Stuart
Nielsen Nielson Neilson
Macdonald McDonald MacDonald
McIntyre MacIntyre
Kowalski Kowalsky
Gonzalez Gonzales
Rodriguez Rodrigues
Hernandez Hernandes
Martinez Martines
Perez Peres
Ramirez Ramires
Nguyen Nguyan
Wright Right Rite
Knight Night
Phelps Felps
Pfeiffer Fifer Pfeifer
Wagner Vagner
Weiss Wise
Shea Shay
Lee Leigh Li
Cohen Cohn Kohn
Katz Kats
Schwartz Swartz Schwarz
Fisher Fischer
Snyder Schneider Snider
Keller Kellar
Bailey Bayley Baily
Harris Haris
Holloway Halloway Holoway
Underhill Underhil
O'Brien Obrian
Novak Nowak
Ivanov Ivanoff
Garcia Garsia
Hughes Hewes
Lawrence Laurence
Matthews Mathews
Phillips Philips
Sanders Saunders
Willis Wills
Yates Yeates""".splitlines()
)
