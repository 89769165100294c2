from index.load.files import find_files as find_files
from index.load.files import load_file as load_file
